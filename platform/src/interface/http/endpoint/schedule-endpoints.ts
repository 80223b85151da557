import {
  acceptedRunSchema,
  changeScheduleSchema,
  createScheduleSchema,
  pageQuerySchema,
  previewScheduleSchema,
  schedulePageSchema,
  schedulePreviewSchema,
  scheduleSchema,
} from '@batuta/contract';
import { answerEmpty, answerJson } from '../answer.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { readIdempotencyKey } from '../request/idempotency-key.ts';
import { scheduleParams } from '../request/path-params.ts';
import { jsonAnswer } from './answer-description.ts';

const group = 'Schedules';
const runErrors = ['agent-unknown', 'session-unknown', 'session-agent-conflict'] as const;

const list = defineEndpoint({
  method: 'GET',
  path: '/v1/schedules',
  summary: 'List schedules, newest first.',
  group,
  scope: 'schedules:read',
  query: pageQuerySchema,
  answers: [jsonAnswer(200, 'One page of schedules.', schedulePageSchema)],
  errors: ['cursor-invalid'],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.schedules.list(exchange.identity, exchange.query)),
});

const create = defineEndpoint({
  method: 'POST',
  path: '/v1/schedules',
  summary: 'Add a schedule: times at which runs are started.',
  group,
  scope: 'schedules:write',
  body: createScheduleSchema,
  answers: [jsonAnswer(201, 'The schedule.', scheduleSchema)],
  errors: [...runErrors, 'schedule-limit-reached'],
  async handle(exchange) {
    const { door, identity, body } = exchange;
    return answerJson(exchange, await door.application.schedules.create(identity, body), { status: 201 });
  },
});

const preview = defineEndpoint({
  method: 'GET',
  path: '/v1/schedules/preview',
  summary: 'The next times of a cron expression in a time zone.',
  group,
  scope: 'schedules:read',
  query: previewScheduleSchema,
  answers: [jsonAnswer(200, 'The times.', schedulePreviewSchema)],
  handle: async (exchange) =>
    answerJson(exchange, exchange.door.application.schedules.preview(exchange.query)),
});

const get = defineEndpoint({
  method: 'GET',
  path: '/v1/schedules/{id}',
  summary: 'Get a schedule.',
  group,
  scope: 'schedules:read',
  params: scheduleParams,
  answers: [jsonAnswer(200, 'The schedule.', scheduleSchema)],
  async handle(exchange) {
    const { door, identity, params } = exchange;
    return answerJson(exchange, await door.application.schedules.get(identity, params.id));
  },
});

const change = defineEndpoint({
  method: 'PATCH',
  path: '/v1/schedules/{id}',
  summary: 'Change a schedule. From then on its runs are started in the name of the one who changed it.',
  group,
  scope: 'schedules:write',
  params: scheduleParams,
  body: changeScheduleSchema,
  answers: [jsonAnswer(200, 'The schedule as it is now.', scheduleSchema)],
  errors: runErrors,
  async handle(exchange) {
    const { door, identity, params, body } = exchange;
    return answerJson(exchange, await door.application.schedules.change(identity, params.id, body));
  },
});

const remove = defineEndpoint({
  method: 'DELETE',
  path: '/v1/schedules/{id}',
  summary: 'Delete a schedule. Its runs stay.',
  group,
  scope: 'schedules:write',
  params: scheduleParams,
  answers: [{ status: 204, description: 'Deleted.', mediaType: null }],
  async handle(exchange) {
    await exchange.door.application.schedules.delete(exchange.identity, exchange.params.id);
    return answerEmpty(exchange, 204);
  },
});

const run = defineEndpoint({
  method: 'POST',
  path: '/v1/schedules/{id}/run',
  summary: 'Start a run of a schedule now, besides its times.',
  group,
  scope: 'schedules:write',
  params: scheduleParams,
  headers: { 'Idempotency-Key': 'The same key gives the same run.' },
  answers: [jsonAnswer(202, 'The run was accepted.', acceptedRunSchema)],
  errors: [...runErrors, 'idempotency-key-reused', 'queue-full'],
  async handle(exchange) {
    const { door, identity, params } = exchange;
    const key = readIdempotencyKey(exchange);
    return answerJson(exchange, await door.application.schedules.run(identity, params.id, key), {
      status: 202,
    });
  },
});

export const scheduleEndpoints: readonly Endpoint[] = [list, create, preview, get, change, remove, run];
