import {
  budgetPageSchema,
  budgetSchema,
  changeBudgetSchema,
  createBudgetSchema,
  pageQuerySchema,
} from '@batuta/contract';
import { answerEmpty, answerJson } from '../answer.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { budgetParams } from '../request/path-params.ts';
import { jsonAnswer } from './answer-description.ts';

const group = 'Budgets';

const list = defineEndpoint({
  method: 'GET',
  path: '/v1/budgets',
  summary: 'List budgets, those of files of agents and teams included, and what they have spent.',
  group,
  scope: 'budgets:read',
  query: pageQuerySchema,
  answers: [jsonAnswer(200, 'One page of budgets.', budgetPageSchema)],
  errors: ['cursor-invalid'],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.budgets.list(exchange.identity, exchange.query)),
});

const create = defineEndpoint({
  method: 'POST',
  path: '/v1/budgets',
  summary: 'Set a budget. It holds in this process at once, in others within 5 seconds.',
  group,
  scope: 'budgets:write',
  body: createBudgetSchema,
  answers: [jsonAnswer(201, 'The budget.', budgetSchema)],
  errors: ['agent-unknown', 'team-unknown', 'run-unknown', 'session-unknown', 'too-many-budgets'],
  async handle(exchange) {
    const { door, identity, body } = exchange;
    return answerJson(exchange, await door.application.budgets.create(identity, body), { status: 201 });
  },
});

const get = defineEndpoint({
  method: 'GET',
  path: '/v1/budgets/{id}',
  summary: 'Get a budget.',
  group,
  scope: 'budgets:read',
  params: budgetParams,
  answers: [jsonAnswer(200, 'The budget.', budgetSchema)],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.budgets.get(exchange.identity, exchange.params.id)),
});

const change = defineEndpoint({
  method: 'PATCH',
  path: '/v1/budgets/{id}',
  summary: 'Change a budget. Runs that wait for a budget try again.',
  group,
  scope: 'budgets:write',
  params: budgetParams,
  body: changeBudgetSchema,
  answers: [jsonAnswer(200, 'The budget as it is now.', budgetSchema)],
  errors: ['budget-of-file'],
  async handle(exchange) {
    const { door, identity, params, body } = exchange;
    return answerJson(exchange, await door.application.budgets.change(identity, params.id, body));
  },
});

const remove = defineEndpoint({
  method: 'DELETE',
  path: '/v1/budgets/{id}',
  summary: 'Delete a budget. What was spent under it stays counted.',
  group,
  scope: 'budgets:write',
  params: budgetParams,
  answers: [{ status: 204, description: 'Deleted.', mediaType: null }],
  errors: ['budget-of-file'],
  async handle(exchange) {
    await exchange.door.application.budgets.delete(exchange.identity, exchange.params.id);
    return answerEmpty(exchange, 204);
  },
});

export const budgetEndpoints: readonly Endpoint[] = [list, create, get, change, remove];
