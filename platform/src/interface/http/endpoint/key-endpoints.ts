import {
  apiKeyPageSchema,
  apiKeySchema,
  createKeySchema,
  madeKeySchema,
  pageQuerySchema,
  rotateKeySchema,
} from '@batuta/contract';
import { answerEmpty, answerJson } from '../answer.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { keyParams } from '../request/path-params.ts';
import { jsonAnswer } from './answer-description.ts';

const group = 'Keys';

const list = defineEndpoint({
  method: 'GET',
  path: '/v1/keys',
  summary: 'List API keys, newest first: administrators all of the tenant, others their own.',
  group,
  scope: 'keys:read',
  query: pageQuerySchema,
  answers: [jsonAnswer(200, 'One page of keys.', apiKeyPageSchema)],
  errors: ['cursor-invalid'],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.keys.list(exchange.identity, exchange.query)),
});

const create = defineEndpoint({
  method: 'POST',
  path: '/v1/keys',
  summary: 'Make an API key. It allows no more than you may do yourself.',
  group,
  scope: 'keys:write',
  body: createKeySchema,
  answers: [jsonAnswer(201, 'The key. It is shown only here.', madeKeySchema)],
  errors: ['grant-too-wide', 'user-unknown'],
  async handle(exchange) {
    const made = await exchange.door.application.keys.create(exchange.identity, exchange.body);
    return answerJson(exchange, made, { status: 201, headers: { location: `/v1/keys/${made.id}` } });
  },
});

const get = defineEndpoint({
  method: 'GET',
  path: '/v1/keys/{id}',
  summary: 'Get an API key, without the key itself.',
  group,
  scope: 'keys:read',
  params: keyParams,
  answers: [jsonAnswer(200, 'The key.', apiKeySchema)],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.keys.get(exchange.identity, exchange.params.id)),
});

const rotate = defineEndpoint({
  method: 'POST',
  path: '/v1/keys/{id}/rotate',
  summary: 'Put a new key in the place of one, which works on for some hours.',
  group,
  scope: 'keys:write',
  params: keyParams,
  body: rotateKeySchema,
  answers: [jsonAnswer(201, 'The new key. It is shown only here.', madeKeySchema)],
  errors: ['grant-too-wide', 'key-not-active'],
  async handle(exchange) {
    const { door, identity, params, body } = exchange;
    const made = await door.application.keys.rotate(identity, params.id, body.overlap_hours);
    return answerJson(exchange, made, { status: 201, headers: { location: `/v1/keys/${made.id}` } });
  },
});

const revoke = defineEndpoint({
  method: 'DELETE',
  path: '/v1/keys/{id}',
  summary: 'Revoke an API key. It may work for five seconds more.',
  group,
  scope: 'keys:write',
  params: keyParams,
  answers: [{ status: 204, description: 'Revoked.', mediaType: null }],
  errors: ['last-administrator'],
  async handle(exchange) {
    await exchange.door.application.keys.revoke(exchange.identity, exchange.params.id);
    return answerEmpty(exchange, 204);
  },
});

export const keyEndpoints: readonly Endpoint[] = [list, create, get, rotate, revoke];
