import {
  acceptedRunSchema,
  addMessageSchema,
  cancelRunSchema,
  createRunSchema,
  isEnded,
  listRunsSchema,
  retryRunSchema,
  runPageSchema,
  runSchema,
  streamQuerySchema,
  type AcceptedRunBody,
  type CreateRun,
} from '@batuta/contract';
import { answerJson } from '../answer.ts';
import { defineEndpoint, type AnswerDescription, type Endpoint } from '../endpoint.ts';
import type { CheckedExchange } from '../exchange.ts';
import { readIdempotencyKey } from '../request/idempotency-key.ts';
import { runParams } from '../request/path-params.ts';
import { answerStream, readCursor } from '../stream/answer-stream.ts';
import { eventStreamAnswer, jsonAnswer, lastEventIdHeader, nothingLeftAnswer } from './answer-description.ts';

const group = 'Runs';
const runAnswer: AnswerDescription = jsonAnswer(200, 'The run as it is now.', runSchema);

const create = defineEndpoint({
  method: 'POST',
  path: '/v1/runs',
  summary: 'Start a run. It is durable when this answers.',
  group,
  scope: 'runs:write',
  body: createRunSchema,
  headers: {
    'Idempotency-Key':
      'The same key with the same request gives the same run: safe to repeat after a lost answer.',
  },
  answers: [
    jsonAnswer(202, 'Accepted; with `wait`: not ended in time.', acceptedRunSchema),
    jsonAnswer(200, 'With `wait`: the run has ended. With `stream`: its events.', runSchema),
    eventStreamAnswer('With `stream`: the events of the run as they happen.'),
  ],
  errors: [
    'agent-unknown',
    'session-unknown',
    'session-agent-conflict',
    'idempotency-key-reused',
    'queue-full',
    'streams-full',
  ],
  async handle(exchange) {
    const { door, identity, body } = exchange;
    const accepted = await door.application.runs.accept(identity, body, readIdempotencyKey(exchange));
    const headers = { location: `/v1/runs/${accepted.id}` };
    if (body.stream) {
      const isNew = body.session_id === undefined;
      const target = { runId: accepted.id, sessionId: accepted.session_id, isNew };
      return answerStream(exchange, target, headers);
    }
    if (body.wait !== undefined) return answerWhenEnded(exchange, accepted, body.wait);
    return answerJson(exchange, accepted, { status: 202, headers });
  },
});

async function answerWhenEnded(
  exchange: CheckedExchange<undefined, undefined, CreateRun>,
  { id }: AcceptedRunBody,
  seconds: number,
): Promise<Response> {
  const { door, identity, context } = exchange;
  // Whoever waits for a server that stops is told how far the run is.
  const signal = AbortSignal.any([context.req.raw.signal, door.stopping]);
  const run = await door.application.runs.waitForEnd(identity, id, { seconds, signal });
  const headers = { location: `/v1/runs/${id}` };
  if (isEnded(run.status)) return answerJson(exchange, run, { headers });
  const accepted = { id, session_id: run.session_id, status: run.status };
  return answerJson(exchange, accepted, { status: 202, headers });
}

const list = defineEndpoint({
  method: 'GET',
  path: '/v1/runs',
  summary: 'List runs, newest first.',
  group,
  scope: 'runs:read',
  query: listRunsSchema,
  answers: [jsonAnswer(200, 'One page of runs.', runPageSchema)],
  errors: ['cursor-invalid'],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.runs.list(exchange.identity, exchange.query)),
});

const get = defineEndpoint({
  method: 'GET',
  path: '/v1/runs/{id}',
  summary: 'Get a run.',
  group,
  scope: 'runs:read',
  params: runParams,
  answers: [runAnswer],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.runs.get(exchange.identity, exchange.params.id)),
});

const events = defineEndpoint({
  method: 'GET',
  path: '/v1/runs/{id}/events',
  summary: 'Follow a run: its events from the first or from a cursor on, until it ends.',
  group,
  scope: 'runs:read',
  params: runParams,
  query: streamQuerySchema,
  headers: lastEventIdHeader,
  answers: [eventStreamAnswer('The events of the run.'), nothingLeftAnswer],
  errors: ['cursor-invalid', 'streams-full'],
  handle(exchange) {
    const after = readCursor(exchange, exchange.query.after);
    return answerStream(exchange, { runId: exchange.params.id, ...(after !== undefined && { after }) });
  },
});

const cancel = defineEndpoint({
  method: 'POST',
  path: '/v1/runs/{id}/cancel',
  summary: 'Cancel a run and its children, also while a tool runs.',
  group,
  scope: 'runs:write',
  params: runParams,
  body: cancelRunSchema,
  answers: [runAnswer],
  errors: ['run-state-conflict'],
  async handle(exchange) {
    const { door, identity, params, body } = exchange;
    return answerJson(exchange, await door.application.runs.cancel(identity, params.id, body.reason));
  },
});

const addMessage = defineEndpoint({
  method: 'POST',
  path: '/v1/runs/{id}/messages',
  summary:
    'Say something to a run: it is taken up at the next turn, or answers the question that the run asked.',
  group,
  scope: 'runs:write',
  params: runParams,
  body: addMessageSchema,
  answers: [runAnswer],
  errors: ['run-state-conflict'],
  async handle(exchange) {
    const { door, identity, params, body } = exchange;
    return answerJson(exchange, await door.application.runs.addMessage(identity, params.id, body.input));
  },
});

const retry = defineEndpoint({
  method: 'POST',
  path: '/v1/runs/{id}/retry',
  summary: 'Go on with a failed run from its last good turn.',
  group,
  scope: 'runs:write',
  params: runParams,
  body: retryRunSchema,
  answers: [runAnswer],
  errors: ['run-state-conflict', 'session-busy'],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.runs.retry(exchange.identity, exchange.params.id)),
});

export const runEndpoints: readonly Endpoint[] = [create, list, get, events, cancel, addMessage, retry];
