import { limitsSchema } from '@batuta/contract';
import { answerJson } from '../answer.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { jsonAnswer } from './answer-description.ts';

const get = defineEndpoint({
  method: 'GET',
  path: '/v1/limits',
  summary: 'Get the own limits and what is left of them. Does not count as a request.',
  group: 'Limits',
  scope: 'limits:read',
  isCounted: false,
  answers: [jsonAnswer(200, 'The plan of the tenant, and the limits of whoever asks.', limitsSchema)],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.limits.report(exchange.identity)),
});

export const limitEndpoints: readonly Endpoint[] = [get];
