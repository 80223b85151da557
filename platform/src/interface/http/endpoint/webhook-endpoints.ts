import {
  changeWebhookSchema,
  createWebhookSchema,
  deliveryPageSchema,
  deliverySchema,
  listDeliveriesSchema,
  pageQuerySchema,
  replayedSchema,
  rotateWebhookSchema,
  webhookPageSchema,
  webhookSchema,
  webhookWithSecretSchema,
} from '@batuta/contract';
import { answerEmpty, answerJson } from '../answer.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { deliveryParams, webhookParams } from '../request/path-params.ts';
import { jsonAnswer } from './answer-description.ts';

const group = 'Webhooks';

const list = defineEndpoint({
  method: 'GET',
  path: '/v1/webhooks',
  summary: 'List webhooks, newest first.',
  group,
  scope: 'webhooks:read',
  query: pageQuerySchema,
  answers: [jsonAnswer(200, 'One page of webhooks.', webhookPageSchema)],
  errors: ['cursor-invalid'],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.webhooks.list(exchange.identity, exchange.query)),
});

const create = defineEndpoint({
  method: 'POST',
  path: '/v1/webhooks',
  summary: 'Add a webhook: an address that is told of events. The answer alone shows its secret.',
  group,
  scope: 'webhooks:write',
  body: createWebhookSchema,
  answers: [jsonAnswer(201, 'The webhook with its secret.', webhookWithSecretSchema)],
  errors: ['secret-key-not-configured', 'webhook-limit-reached'],
  async handle(exchange) {
    const { door, identity, body } = exchange;
    return answerJson(exchange, await door.application.webhooks.create(identity, body), { status: 201 });
  },
});

const get = defineEndpoint({
  method: 'GET',
  path: '/v1/webhooks/{id}',
  summary: 'Get a webhook.',
  group,
  scope: 'webhooks:read',
  params: webhookParams,
  answers: [jsonAnswer(200, 'The webhook.', webhookSchema)],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.webhooks.get(exchange.identity, exchange.params.id)),
});

const change = defineEndpoint({
  method: 'PATCH',
  path: '/v1/webhooks/{id}',
  summary: 'Change a webhook. Enabling it, or giving it another address, sends at once what waits.',
  group,
  scope: 'webhooks:write',
  params: webhookParams,
  body: changeWebhookSchema,
  answers: [jsonAnswer(200, 'The webhook as it is now.', webhookSchema)],
  async handle(exchange) {
    const { door, identity, params, body } = exchange;
    return answerJson(exchange, await door.application.webhooks.change(identity, params.id, body));
  },
});

const remove = defineEndpoint({
  method: 'DELETE',
  path: '/v1/webhooks/{id}',
  summary: 'Delete a webhook with its deliveries.',
  group,
  scope: 'webhooks:write',
  params: webhookParams,
  answers: [{ status: 204, description: 'Deleted.', mediaType: null }],
  async handle(exchange) {
    await exchange.door.application.webhooks.delete(exchange.identity, exchange.params.id);
    return answerEmpty(exchange, 204);
  },
});

const rotate = defineEndpoint({
  method: 'POST',
  path: '/v1/webhooks/{id}/rotate',
  summary: 'Give a webhook a new secret; the former one signs as well for a while.',
  group,
  scope: 'webhooks:write',
  params: webhookParams,
  body: rotateWebhookSchema,
  answers: [jsonAnswer(200, 'The webhook with its new secret.', webhookWithSecretSchema)],
  errors: ['secret-key-not-configured'],
  async handle(exchange) {
    const { door, identity, params, body } = exchange;
    const { webhooks } = door.application;
    return answerJson(exchange, await webhooks.rotate(identity, params.id, body.overlap_hours));
  },
});

const test = defineEndpoint({
  method: 'POST',
  path: '/v1/webhooks/{id}/test',
  summary: 'Send one message of the type webhook-tested now, once, and tell what came of it.',
  group,
  scope: 'webhooks:write',
  params: webhookParams,
  answers: [jsonAnswer(200, 'The delivery: delivered or dead.', deliverySchema)],
  handle: async (exchange) =>
    answerJson(
      exchange,
      await exchange.door.application.webhooks.test(exchange.identity, exchange.params.id),
    ),
});

const deliveries = defineEndpoint({
  method: 'GET',
  path: '/v1/webhooks/{id}/deliveries',
  summary: 'List the deliveries of a webhook, newest first.',
  group,
  scope: 'webhooks:read',
  params: webhookParams,
  query: listDeliveriesSchema,
  answers: [jsonAnswer(200, 'One page of deliveries.', deliveryPageSchema)],
  errors: ['cursor-invalid'],
  async handle(exchange) {
    const { door, identity, params, query } = exchange;
    return answerJson(exchange, await door.application.webhooks.deliveries(identity, params.id, query));
  },
});

const replayDead = defineEndpoint({
  method: 'POST',
  path: '/v1/webhooks/{id}/replay',
  summary: 'Send dead deliveries again, oldest first, at most a thousand.',
  group,
  scope: 'webhooks:write',
  params: webhookParams,
  answers: [jsonAnswer(200, 'How many are sent again.', replayedSchema)],
  async handle(exchange) {
    const { door, identity, params } = exchange;
    return answerJson(exchange, await door.application.webhooks.replayDead(identity, params.id));
  },
});

const replay = defineEndpoint({
  method: 'POST',
  path: '/v1/webhooks/{id}/deliveries/{message_id}/replay',
  summary: 'Send a delivery that has ended again, with the same id.',
  group,
  scope: 'webhooks:write',
  params: deliveryParams,
  answers: [jsonAnswer(200, 'The delivery, pending again.', deliverySchema)],
  errors: ['webhook-unknown', 'delivery-pending'],
  async handle(exchange) {
    const { door, identity, params } = exchange;
    const { webhooks } = door.application;
    return answerJson(exchange, await webhooks.replay(identity, params.id, params.message_id));
  },
});

export const webhookEndpoints: readonly Endpoint[] = [
  list,
  create,
  get,
  change,
  remove,
  rotate,
  test,
  deliveries,
  replayDead,
  replay,
];
