import { healthSchema, readySchema } from '@batuta/contract';
import { answerJson } from '../answer.ts';
import { definePage, type Endpoint } from '../endpoint.ts';
import { jsonAnswer } from './answer-description.ts';

const group = 'Health';

const health = definePage(
  {
    path: '/health',
    summary: 'Whether the process lives.',
    group,
    isCounted: false,
    answers: [jsonAnswer(200, 'It lives.', healthSchema)],
  },
  async (exchange) =>
    answerJson(exchange, { status: 'ok', version: exchange.door.application.health.version }),
);

const ready = definePage(
  {
    path: '/ready',
    summary: 'Whether requests may be sent here: database, migrations and worker work.',
    group,
    isCounted: false,
    answers: [
      jsonAnswer(200, 'Everything works.', readySchema),
      jsonAnswer(503, 'Something does not work, or the server is stopping.', readySchema),
    ],
  },
  async (exchange) => {
    const { ready: works, checks } = await exchange.door.application.health.readiness();
    const isReady = works && !exchange.door.stopping.aborted;
    const status = isReady ? 200 : 503;
    return answerJson(exchange, { status: isReady ? 'ready' : 'not-ready', checks }, { status });
  },
);

export const healthEndpoints: readonly Endpoint[] = [health, ready];
