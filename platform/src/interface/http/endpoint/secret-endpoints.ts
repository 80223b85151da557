import {
  keyRotationSchema,
  pageQuerySchema,
  secretInfoSchema,
  secretPageSchema,
  setSecretSchema,
} from '@batuta/contract';
import { answerEmpty, answerJson } from '../answer.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { secretParams } from '../request/path-params.ts';
import { jsonAnswer } from './answer-description.ts';

const group = 'Secrets';

const list = defineEndpoint({
  method: 'GET',
  path: '/v1/secrets',
  summary: 'List secrets by name. Nobody can read their values.',
  group,
  scope: 'secrets:read',
  query: pageQuerySchema,
  answers: [jsonAnswer(200, 'One page of secrets.', secretPageSchema)],
  errors: ['cursor-invalid'],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.secrets.list(exchange.identity, exchange.query)),
});

const set = defineEndpoint({
  method: 'PUT',
  path: '/v1/secrets/{name}',
  summary: 'Set a secret, or set it anew.',
  group,
  scope: 'secrets:write',
  params: secretParams,
  body: setSecretSchema,
  answers: [jsonAnswer(200, 'The secret, without its value.', secretInfoSchema)],
  errors: ['secret-key-not-configured'],
  async handle(exchange) {
    const { door, identity, params, body } = exchange;
    return answerJson(exchange, await door.application.secrets.set(identity, params.name, body.value));
  },
});

const remove = defineEndpoint({
  method: 'DELETE',
  path: '/v1/secrets/{name}',
  summary: 'Delete a secret.',
  group,
  scope: 'secrets:write',
  params: secretParams,
  answers: [{ status: 204, description: 'Deleted.', mediaType: null }],
  async handle(exchange) {
    await exchange.door.application.secrets.delete(exchange.identity, exchange.params.name);
    return answerEmpty(exchange, 204);
  },
});

const rotate = defineEndpoint({
  method: 'POST',
  path: '/v1/secret-key/rotation',
  summary: 'Encrypt all secrets of all tenants with a new key.',
  group,
  scope: 'keyring:write',
  answers: [jsonAnswer(200, 'What was done.', keyRotationSchema)],
  errors: ['secret-key-not-configured', 'secret-key-missing', 'secret-unreadable'],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.secrets.rotateKey(exchange.identity)),
});

export const secretEndpoints: readonly Endpoint[] = [list, set, remove, rotate];
