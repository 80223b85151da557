import { listToolsSchema, toolPageSchema } from '@batuta/contract';
import { answerJson } from '../answer.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { jsonAnswer } from './answer-description.ts';

const list = defineEndpoint({
  method: 'GET',
  path: '/v1/tools',
  summary: 'List the tools by reference, where they come from, and what is wrong with their sources.',
  group: 'Tools',
  scope: 'tools:read',
  query: listToolsSchema,
  answers: [jsonAnswer(200, 'One page of tools, and all sources.', toolPageSchema)],
  errors: ['cursor-invalid'],
  handle: async (exchange) =>
    answerJson(exchange, exchange.door.application.tools.list(exchange.identity, exchange.query)),
});

export const toolEndpoints: readonly Endpoint[] = [list];
