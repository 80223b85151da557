import {
  changeUserSchema,
  createUserSchema,
  meSchema,
  pageQuerySchema,
  userPageSchema,
  userSchema,
} from '@batuta/contract';
import { answerEmpty, answerJson } from '../answer.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { userParams } from '../request/path-params.ts';
import { jsonAnswer } from './answer-description.ts';

const group = 'Users';

const me = defineEndpoint({
  method: 'GET',
  path: '/v1/me',
  summary: 'Who you are here, and what you may do.',
  group,
  scope: 'any',
  answers: [jsonAnswer(200, 'Who you are.', meSchema)],
  async handle(exchange) {
    const { tenantId, userId, keyId, name, role, scopes } = exchange.identity;
    const who = { tenant_id: tenantId, user_id: userId, key_id: keyId, name, role, scopes: [...scopes] };
    return answerJson(exchange, who);
  },
});

const list = defineEndpoint({
  method: 'GET',
  path: '/v1/users',
  summary: 'List the users of the tenant, newest first.',
  group,
  scope: 'users:read',
  query: pageQuerySchema,
  answers: [jsonAnswer(200, 'One page of users.', userPageSchema)],
  errors: ['cursor-invalid'],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.users.list(exchange.identity, exchange.query)),
});

const create = defineEndpoint({
  method: 'POST',
  path: '/v1/users',
  summary: 'Add a user. Nobody gets a role that you do not have in full.',
  group,
  scope: 'users:write',
  body: createUserSchema,
  answers: [jsonAnswer(201, 'The user.', userSchema)],
  errors: ['grant-too-wide', 'identity-taken'],
  async handle(exchange) {
    const user = await exchange.door.application.users.create(exchange.identity, exchange.body);
    return answerJson(exchange, user, { status: 201, headers: { location: `/v1/users/${user.id}` } });
  },
});

const get = defineEndpoint({
  method: 'GET',
  path: '/v1/users/{id}',
  summary: 'Get a user.',
  group,
  scope: 'users:read',
  params: userParams,
  answers: [jsonAnswer(200, 'The user.', userSchema)],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.users.get(exchange.identity, exchange.params.id)),
});

const change = defineEndpoint({
  method: 'PATCH',
  path: '/v1/users/{id}',
  summary: 'Change, disable or enable a user. It counts everywhere within five seconds.',
  group,
  scope: 'users:write',
  params: userParams,
  body: changeUserSchema,
  answers: [jsonAnswer(200, 'The user as it is now.', userSchema)],
  errors: ['grant-too-wide', 'identity-taken', 'last-administrator'],
  async handle(exchange) {
    const { door, identity, params, body } = exchange;
    return answerJson(exchange, await door.application.users.change(identity, params.id, body));
  },
});

const remove = defineEndpoint({
  method: 'DELETE',
  path: '/v1/users/{id}',
  summary: 'Delete a user with their keys, and sign their browsers out. Their runs stay.',
  group,
  scope: 'users:write',
  params: userParams,
  answers: [{ status: 204, description: 'Deleted.', mediaType: null }],
  errors: ['grant-too-wide', 'last-administrator'],
  async handle(exchange) {
    await exchange.door.application.users.delete(exchange.identity, exchange.params.id);
    return answerEmpty(exchange, 204);
  },
});

export const userEndpoints: readonly Endpoint[] = [me, list, create, get, change, remove];
