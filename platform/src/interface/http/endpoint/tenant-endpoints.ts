import { changeTenantSchema, tenantSchema } from '@batuta/contract';
import { answerJson } from '../answer.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { jsonAnswer } from './answer-description.ts';

const group = 'Tenants';

const get = defineEndpoint({
  method: 'GET',
  path: '/v1/tenant',
  summary: 'Get the own tenant and its settings.',
  group,
  scope: 'settings:read',
  answers: [jsonAnswer(200, 'The tenant.', tenantSchema)],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.tenant.get(exchange.identity)),
});

const change = defineEndpoint({
  method: 'PATCH',
  path: '/v1/tenant',
  summary:
    'Change the own tenant. Settings that are named replace the present ones; null puts the default back.',
  group,
  scope: 'settings:write',
  body: changeTenantSchema,
  answers: [jsonAnswer(200, 'The tenant as it is now.', tenantSchema)],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.tenant.change(exchange.identity, exchange.body)),
});

export const tenantEndpoints: readonly Endpoint[] = [get, change];
