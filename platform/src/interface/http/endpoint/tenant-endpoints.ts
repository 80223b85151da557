import {
  changeTenantSchema,
  createTenantSchema,
  madeTenantSchema,
  pageQuerySchema,
  changeTenantEntrySchema,
  tenantEntrySchema,
  tenantPageSchema,
  tenantSchema,
} from '@batuta/contract';
import { answerJson } from '../answer.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { tenantParams } from '../request/path-params.ts';
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

const list = defineEndpoint({
  method: 'GET',
  path: '/v1/tenants',
  summary: 'List all tenants of the platform, by id.',
  group,
  scope: 'tenants:read',
  query: pageQuerySchema,
  answers: [jsonAnswer(200, 'One page of tenants.', tenantPageSchema)],
  errors: ['cursor-invalid'],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.tenants.list(exchange.query)),
});

const create = defineEndpoint({
  method: 'POST',
  path: '/v1/tenants',
  summary: 'Make a tenant and the key of its first administrator.',
  group,
  scope: 'tenants:write',
  body: createTenantSchema,
  answers: [jsonAnswer(201, 'The tenant and the key, which is shown only here.', madeTenantSchema)],
  errors: ['tenant-exists'],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.tenants.create(exchange.identity, exchange.body), {
      status: 201,
    }),
});

const changeEntry = defineEndpoint({
  method: 'PATCH',
  path: '/v1/tenants/{id}',
  summary:
    'Disable, enable or give a plan to a tenant. Within five seconds nobody of a disabled one can enter.',
  group,
  scope: 'tenants:write',
  params: tenantParams,
  body: changeTenantEntrySchema,
  answers: [jsonAnswer(200, 'The tenant as it is now.', tenantEntrySchema)],
  errors: ['tenant-needed'],
  async handle(exchange) {
    const { door, identity, params, body } = exchange;
    return answerJson(exchange, await door.application.tenants.change(identity, params.id, body));
  },
});

export const tenantEndpoints: readonly Endpoint[] = [get, change, list, create, changeEntry];
