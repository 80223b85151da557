import { BatutaError, renderMessage } from '@batuta/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BatutaClient } from '../src/batuta-client.ts';
import { hangUp, json, ScriptedServer } from './scripted-server.ts';

let server: ScriptedServer;
let client: BatutaClient;
let slept: number[];

beforeEach(async () => {
  server = await ScriptedServer.start();
  slept = [];
  client = new BatutaClient({
    baseUrl: `${server.url}/`,
    key: 'btk_1',
    sleep: async (ms) => void slept.push(ms),
    random: () => 1,
  });
});
afterEach(() => server.stop());

const accepted = { id: 'run_1', session_id: 'ses_1', status: 'queued' };

test('a run is started with the key, as JSON', async () => {
  server.answer(json(accepted, 202));
  expect(await client.runs.create({ agent: 'assistant', input: 'Hello' })).toEqual(accepted);
  expect(server.seen[0]).toMatchObject({
    method: 'POST',
    url: '/v1/runs',
    headers: { authorization: 'Bearer btk_1', 'content-type': 'application/json' },
    body: '{"agent":"assistant","input":"Hello"}',
  });
});

test('starting a run is repeated after a broken connection, with the same idempotency key', async () => {
  server.answer(hangUp, hangUp, json(accepted, 202));
  expect(await client.runs.create({ agent: 'assistant', input: 'Hello' })).toEqual(accepted);
  const keys = server.seen.map(({ headers }) => headers['idempotency-key']);
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
  expect(slept).toEqual([250, 500]);
});

test('two runs have two idempotency keys', async () => {
  server.answerAlways(json(accepted, 202));
  await client.runs.create({ agent: 'assistant', input: 'Hello' });
  await client.runs.create({ agent: 'assistant', input: 'Hello' });
  expect(server.seen[0]?.headers['idempotency-key']).not.toBe(server.seen[1]?.headers['idempotency-key']);
});

test('a call waits as long as the server asks', async () => {
  server.answer(json({}, 503, { 'retry-after': '7' }), json({ items: [], next_cursor: null }));
  await client.runs.list();
  expect(slept).toEqual([7000]);
});

test('a call gives up after its tries and says why', async () => {
  server.answerAlways(hangUp);
  await expect(client.agents.get('assistant')).rejects.toMatchObject({
    code: 'server-unreachable',
    data: { url: server.url },
  });
  expect(server.seen).toHaveLength(4);
});

test.each([
  ['cancel', () => client.runs.cancel('run_1', 'enough')],
  ['addMessage', () => client.runs.addMessage('run_1', 'Hello')],
  ['retry', () => client.runs.retry('run_1')],
  ['fork', () => client.sessions.fork('ses_1', 3)],
  ['decide', () => client.approvals.decide('apr_1', { decision: 'approve' })],
])('%s is not repeated: it may have been done', async (_name, call) => {
  server.answerAlways(hangUp);
  await expect(call()).rejects.toMatchObject({ code: 'server-unreachable' });
  expect(server.seen).toHaveLength(1);
});

test('a problem becomes the error of the catalogue, with its data', async () => {
  const data = { id: 'run_1', status: 'succeeded', action: 'cancel', needed: 'running' };
  const detail = renderMessage('run-state-conflict', data);
  server.answer(json({ type: '', title: '', status: 409, detail, code: 'run-state-conflict', data }, 409));
  const error: unknown = await client.runs.cancel('run_1').catch((caught: unknown) => caught);
  expect(BatutaError.has(error, 'run-state-conflict')).toBe(true);
  expect(error).toMatchObject({ data, message: detail, status: 409 });
});

test.each([
  ['an unknown code', { code: 'moon-full', detail: 'The moon is full.', data: {} }, 'moon-full'],
  [
    'data of another shape',
    { code: 'run-unknown', detail: 'The moon is full.', data: { moon: 1 } },
    'run-unknown',
  ],
])('%s is kept as a generic error', async (_name, problem, code) => {
  server.answer(json(problem, 422));
  await expect(client.runs.get('run_1')).rejects.toMatchObject({
    code: 'answer-unknown',
    data: { status: 422, code, detail: 'The moon is full.' },
  });
});

test('an answer of something else on the way is an error too', async () => {
  server.answer((response) => response.writeHead(404).end('<html>'));
  await expect(client.runs.get('run_1')).rejects.toMatchObject({
    code: 'answer-unknown',
    data: { code: 'none' },
  });
});

test('readiness is an answer also when it is bad', async () => {
  const ready = {
    status: 'not-ready',
    checks: { database: 'lost', migrations: 'ok', worker: 'ok', jobs: 'ok' },
  };
  server.answer(json(ready, 503));
  expect(await client.ready()).toEqual(ready);
});

test('lists send only what was asked, ids are escaped, deleting answers nothing', async () => {
  server.answerAlways((response) => response.writeHead(204).end());
  await client.runs.list({ status: 'running', limit: 5 });
  await client.approvals.list({ pending: true });
  await client.runs.get('a/b');
  expect(await client.sessions.delete('ses_1')).toBeUndefined();
  expect(server.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'GET /v1/runs?status=running&limit=5',
    'GET /v1/approvals?pending=true',
    'GET /v1/runs/a%2Fb',
    'DELETE /v1/sessions/ses_1',
  ]);
});

test('an aborted call rejects with the reason and is not repeated', async () => {
  const controller = new AbortController();
  server.answer(() => controller.abort(new BatutaError('request-timeout', { seconds: 1 })));
  const call = client.runs.get('run_1', { signal: controller.signal });
  await expect(call).rejects.toMatchObject({ code: 'request-timeout' });
  expect(server.seen).toHaveLength(1);
});

test('a call that gets no answer in time is given up', async () => {
  const hasty = new BatutaClient({ baseUrl: server.url, timeoutMs: 20, maxTries: 1 });
  server.answer(() => undefined);
  await expect(hasty.runs.get('run_1')).rejects.toMatchObject({ code: 'server-unreachable' });
});
