import {
  acceptedRunSchema,
  agentDetailSchema,
  agentPageSchema,
  approvalPageSchema,
  approvalSchema,
  BatutaError,
  runPageSchema,
  runSchema,
  sessionPageSchema,
  sessionSchema,
} from '@batuta/contract';
import { expect, test } from 'vitest';
import { fakeIds } from './fake-application.ts';
import { openDoor } from './open-door.ts';

const body = { agent: 'assistant', input: 'Hello' };
const accepted = { id: fakeIds.run, session_id: fakeIds.session, status: 'queued' };

test('a run is accepted in the background', async () => {
  const door = openDoor();
  const answer = await door.request('/v1/runs', { json: body, headers: { 'idempotency-key': 'once' } });
  expect(answer.status).toBe(202);
  expect(answer.headers.get('location')).toBe(`/v1/runs/${fakeIds.run}`);
  expect(acceptedRunSchema.parse(await answer.json())).toEqual(accepted);
  expect(door.application.accepted).toEqual([{ body, key: 'once' }]);
});

test.each(['succeeded', 'failed', 'cancelled'] as const)(
  'waiting gives a run that has %s',
  async (status) => {
    const door = openDoor();
    door.application.waitedStatus = status;
    const answer = await door.request('/v1/runs', { json: { ...body, wait: 5 } });
    expect(answer.status).toBe(200);
    expect(runSchema.parse(await answer.json())).toMatchObject({ id: fakeIds.run, status });
  },
);

test.each(['running', 'waiting'] as const)('waiting in vain tells that the run is %s', async (status) => {
  const door = openDoor();
  door.application.waitedStatus = status;
  const answer = await door.request('/v1/runs', { json: { ...body, wait: 5 } });
  expect(answer.status).toBe(202);
  expect(acceptedRunSchema.parse(await answer.json())).toEqual({ ...accepted, status });
});

test.each([
  ['/v1/runs', runPageSchema],
  ['/v1/runs?status=running&limit=1', runPageSchema],
  [`/v1/runs/${fakeIds.run}`, runSchema],
  ['/v1/sessions', sessionPageSchema],
  [`/v1/sessions/${fakeIds.session}`, sessionSchema],
  ['/v1/agents', agentPageSchema],
  ['/v1/agents/assistant', agentDetailSchema],
  ['/v1/approvals?pending=true', approvalPageSchema],
  [`/v1/approvals/${fakeIds.approval}`, approvalSchema],
])('%s answers what the contract says', async (path, schema) => {
  const answer = await openDoor().request(path);
  expect(answer.status).toBe(200);
  expect(schema.safeParse(await answer.json()).error).toBeUndefined();
});

test.each(['', '{}', '{"reason":"enough"}'])('a run is cancelled with the body "%s"', async (raw) => {
  const answer = await openDoor().request(`/v1/runs/${fakeIds.run}/cancel`, { method: 'POST', raw });
  expect(answer.status).toBe(200);
  expect(runSchema.parse(await answer.json()).id).toBe(fakeIds.run);
});

test('a run is steered', async () => {
  const answer = await openDoor().request(`/v1/runs/${fakeIds.run}/messages`, {
    json: { input: 'Also this' },
  });
  expect(answer.status).toBe(200);
});

test('a session is forked into a new one with its own address', async () => {
  const answer = await openDoor().request(`/v1/sessions/${fakeIds.session}/fork`, { json: { at: 3 } });
  expect(answer.status).toBe(201);
  const session = sessionSchema.parse(await answer.json());
  expect(answer.headers.get('location')).toBe(`/v1/sessions/${session.id}`);
});

test('an approval is decided once', async () => {
  const door = openDoor();
  const request = { json: { decision: 'approve' } };
  const first = await door.request(`/v1/approvals/${fakeIds.approval}`, request);
  expect(approvalSchema.parse(await first.json()).decision).toBe('approve');
  expect((await door.request(`/v1/approvals/${fakeIds.approval}`, request)).status).toBe(409);
});

test('a file is downloaded, never shown', async () => {
  const answer = await openDoor().request(`/v1/artifacts/${fakeIds.artifact}`);
  expect(await answer.text()).toBe('<script>');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('content-security-policy')).toContain('sandbox');
  expect(answer.headers.get('content-disposition')).toBe(
    `attachment; filename="a__o_.html"; filename*=UTF-8''a%C3%B1%22o%0A.html`,
  );
});

test('when the queue is full, the client is told when to come back', async () => {
  const door = openDoor();
  door.application.failure = new BatutaError('queue-full', { count: 100, retry_after_seconds: 7 });
  const answer = await door.request('/v1/runs', { json: body });
  expect(answer.status).toBe(429);
  expect(answer.headers.get('retry-after')).toBe('7');
});

test('a server that stops refuses new work, but tells that it lives', async () => {
  const door = openDoor();
  door.app.stop();
  const answer = await door.request('/v1/runs', { json: body });
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ code: 'server-stopping' });
  expect((await door.request('/health')).status).toBe(200);
  expect((await door.request('/ready')).status).toBe(503);
});

test('requests are logged without their query, which may hold a secret', async () => {
  const door = openDoor();
  await door.request('/login?token=secret');
  expect(door.log.lines).toEqual([
    { level: 'debug', message: 'request', fields: { method: 'GET', path: '/login', status: 401, ms: 0 } },
  ]);
});
