import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { call, callIn, closeSources, openSource } from './open-source.ts';
import { httpPlace } from './served.ts';
import { listenLocally } from '../browser/egress-kit.ts';
import { SessionServer } from './session-server.ts';

let server: SessionServer;
beforeEach(async () => {
  server = await new SessionServer().listen();
});
afterEach(async () => {
  await closeSources();
  await server.close();
});

test('tenants have sessions of their own, with secrets of their own', async () => {
  const secrets = { 'main/key': 'ours', 'other/key': 'theirs' };
  const source = await openSource(httpPlace(server.port, { authorization: 'Bearer secret://key' }), {
    secrets,
  });
  await call(source, 'count');
  expect((await call(source, 'count')).text).toBe('2');
  expect((await callIn({ tenantId: 'other' }, source)('count')).text).toBe('1');
  expect(server.sessions.size).toBe(2);
  const sent = new Set(server.headers.map(({ authorization }) => authorization));
  expect(sent).toEqual(new Set(['Bearer ours', 'Bearer theirs']));
});

test('a server that is declared to be shared has one session for all', async () => {
  const source = await openSource(httpPlace(server.port), { shared: true });
  await call(source, 'count');
  expect((await callIn({ tenantId: 'other' }, source)('count')).text).toBe('2');
  expect(server.sessions.size).toBe(1);
});

test('a session that the server has forgotten is begun anew, and the call that found it out is made', async () => {
  const source = await openSource(httpPlace(server.port));
  await call(source, 'count');
  server.forget();
  expect((await call(source, 'count')).text).toBe('1');
  expect(server.counted).toBe(2);
});

test('a call whose answer broke off is not made again, and nobody claims to know', async () => {
  const source = await openSource(httpPlace(server.port));
  await expect(call(source, 'count_and_cut')).rejects.toMatchObject({ code: 'tool-outcome-unknown' });
  expect(server.counted).toBe(1);
  expect((await call(source, 'count')).text).toBe('2');
});

test('an answer that drips is given up with the call, and nothing of it stays open', async () => {
  const source = await openSource(httpPlace(server.port));
  const signal = AbortSignal.timeout(200);
  await expect(callIn({ signal }, source)('drip')).rejects.toMatchObject({ code: 'tool-outcome-unknown' });
  expect((await call(source, 'count')).text).toBe('1');
});

test('an answer that is too large is cut off', async () => {
  const source = await openSource(httpPlace(server.port));
  await expect(call(source, 'large')).rejects.toMatchObject({
    message: expect.stringContaining('more than 1 MB'),
  });
});

test('a server that answers 503 did not say whether it did anything', async () => {
  const source = await openSource(httpPlace(server.port));
  await expect(call(source, 'fail')).rejects.toMatchObject({ code: 'tool-outcome-unknown' });
});

test('connections of tenants are bounded: idle ones make room, busy ones do not', async () => {
  const source = await openSource(httpPlace(server.port), { limits: { connections: 2 } });
  await callIn({ tenantId: 'a' }, source)('count');
  await callIn({ tenantId: 'b' }, source)('count');
  await vi.waitFor(() => expect(server.sessions.size).toBe(2));
  const signal = AbortSignal.timeout(500);
  const ended = (running: Promise<unknown>) => running.catch((error: Error) => error.message);
  const busy = ended(callIn({ tenantId: 'c', signal }, source)('drip'));
  const refused = await ended(callIn({ tenantId: 'd' }, source)('count'));
  expect(refused).toContain('all its 2 connections are in use');
  expect(await busy).toContain('drip');
});

test('closing gives sessions back', async () => {
  const source = await openSource(httpPlace(server.port));
  await call(source, 'count');
  await source.close();
  expect(server.sessions.size).toBe(0);
});

test.each([
  ['an API', 'application/json', '[{"id":1}]'],
  ['a page', 'text/html', '<h1>Hello</h1>'],
])(
  'an address at which %s answers is told as no tool server, without what schemas say',
  async (_, type, body) => {
    const other = await listenLocally((_request, response) =>
      response.setHeader('content-type', type).end(body),
    );
    const source = await openSource({
      kind: 'http',
      url: new URL('/mcp', other.url),
      headers: {},
      perUser: false,
    });
    const [problem] = source.status().problems;
    expect(problem?.code).toBe('tool-server-unavailable');
    expect(problem?.message).not.toMatch(/invalid_|probe failed/);
    await other.close();
  },
);
