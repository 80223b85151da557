import { agentDetailSchema, agentPageSchema, pageQuerySchema } from '@batuta/contract';
import { answerJson } from '../answer.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { agentParams } from '../request/path-params.ts';
import { jsonAnswer } from './answer-description.ts';

const group = 'Agents';

const list = defineEndpoint({
  method: 'GET',
  path: '/v1/agents',
  summary: 'List agents by name.',
  group,
  scope: 'agents:read',
  query: pageQuerySchema,
  answers: [jsonAnswer(200, 'One page of agents.', agentPageSchema)],
  errors: ['cursor-invalid'],
  async handle(exchange) {
    const page = exchange.door.application.agents.list(exchange.identity, exchange.query);
    const items = page.items.map(({ name, description, models, tools }) => ({
      name,
      description,
      models,
      tools,
    }));
    return answerJson(exchange, { items, next_cursor: page.next_cursor });
  },
});

const get = defineEndpoint({
  method: 'GET',
  path: '/v1/agents/{name}',
  summary: 'Get an agent with its definition.',
  group,
  scope: 'agents:read',
  params: agentParams,
  answers: [jsonAnswer(200, 'The agent.', agentDetailSchema)],
  handle: async (exchange) =>
    answerJson(exchange, exchange.door.application.agents.get(exchange.identity, exchange.params.name)),
});

export const agentEndpoints: readonly Endpoint[] = [list, get];
