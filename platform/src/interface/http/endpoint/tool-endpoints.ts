import { listToolsSchema, toolDetailSchema, toolPageSchema } from '@batuta/contract';
import { answerJson } from '../answer.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { toolParams } from '../request/path-params.ts';
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
    answerJson(exchange, await exchange.door.application.tools.list(exchange.identity, exchange.query)),
});

const get = defineEndpoint({
  method: 'GET',
  path: '/v1/tools/{reference}',
  summary:
    'Get a tool by its reference (`mcp%3Atickets%2Fcreate_ticket`) or name: its arguments, what it does, what the rules say about it, and which agents have it.',
  group: 'Tools',
  scope: 'tools:read',
  params: toolParams,
  answers: [jsonAnswer(200, 'The tool.', toolDetailSchema)],
  async handle(exchange) {
    const { door, identity, params } = exchange;
    return answerJson(exchange, await door.application.tools.get(identity, params.reference));
  },
});

export const toolEndpoints: readonly Endpoint[] = [list, get];
