import {
  eventPageSchema,
  forkSessionSchema,
  listEventsSchema,
  pageQuerySchema,
  sessionPageSchema,
  sessionSchema,
  streamQuerySchema,
} from '@batuta/contract';
import { answerEmpty, answerJson } from '../answer.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { sessionParams } from '../request/path-params.ts';
import { answerStream, readCursor } from '../stream/answer-stream.ts';
import { eventStreamAnswer, jsonAnswer, lastEventIdHeader } from './answer-description.ts';

const group = 'Sessions';

const list = defineEndpoint({
  method: 'GET',
  path: '/v1/sessions',
  summary: 'List sessions, newest first.',
  group,
  scope: 'sessions:read',
  query: pageQuerySchema,
  answers: [jsonAnswer(200, 'One page of sessions.', sessionPageSchema)],
  errors: ['cursor-invalid'],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.sessions.list(exchange.identity, exchange.query)),
});

const get = defineEndpoint({
  method: 'GET',
  path: '/v1/sessions/{id}',
  summary: 'Get a session.',
  group,
  scope: 'sessions:read',
  params: sessionParams,
  answers: [jsonAnswer(200, 'The session.', sessionSchema)],
  handle: async (exchange) =>
    answerJson(exchange, await exchange.door.application.sessions.get(exchange.identity, exchange.params.id)),
});

const remove = defineEndpoint({
  method: 'DELETE',
  path: '/v1/sessions/{id}',
  summary: 'Delete a session with its runs, events and files.',
  group,
  scope: 'sessions:write',
  params: sessionParams,
  answers: [{ status: 204, description: 'Deleted.', mediaType: null }],
  errors: ['session-busy'],
  async handle(exchange) {
    await exchange.door.application.sessions.delete(exchange.identity, exchange.params.id);
    return answerEmpty(exchange, 204);
  },
});

const log = defineEndpoint({
  method: 'GET',
  path: '/v1/sessions/{id}/log',
  summary: 'List the events of a session, oldest first, as far as they are written.',
  group,
  scope: 'sessions:read',
  params: sessionParams,
  query: listEventsSchema,
  answers: [jsonAnswer(200, 'One page of events.', eventPageSchema)],
  async handle(exchange) {
    const { door, identity, params, query } = exchange;
    return answerJson(exchange, await door.application.sessions.log(identity, params.id, query));
  },
});

const events = defineEndpoint({
  method: 'GET',
  path: '/v1/sessions/{id}/events',
  summary: 'Follow a session: its events from the first or from a cursor on, without end.',
  group,
  scope: 'sessions:read',
  params: sessionParams,
  query: streamQuerySchema,
  headers: lastEventIdHeader,
  answers: [eventStreamAnswer('The events of the session.')],
  errors: ['cursor-invalid', 'streams-full'],
  handle(exchange) {
    const after = readCursor(exchange, exchange.query.after);
    return answerStream(exchange, { sessionId: exchange.params.id, ...(after !== undefined && { after }) });
  },
});

const fork = defineEndpoint({
  method: 'POST',
  path: '/v1/sessions/{id}/fork',
  summary: 'Copy a session up to and with one of its events into a new session.',
  group,
  scope: 'sessions:write',
  params: sessionParams,
  body: forkSessionSchema,
  answers: [jsonAnswer(201, 'The new session.', sessionSchema)],
  errors: ['event-unknown'],
  async handle(exchange) {
    const { door, identity, params, body } = exchange;
    const session = await door.application.sessions.fork(identity, params.id, body.at);
    return answerJson(exchange, session, {
      status: 201,
      headers: { location: `/v1/sessions/${session.id}` },
    });
  },
});

export const sessionEndpoints: readonly Endpoint[] = [list, get, remove, log, events, fork];
