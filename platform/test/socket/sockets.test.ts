import { connect } from 'node:net';
import { once } from 'node:events';
import { socketErrorSchema } from '@batuta/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { startHttpServer, type HttpServer } from '../../src/interface/http/start-http-server.ts';
import { fakeIds, fakeKeys } from '../http/fake-application.ts';
import { openDoor, type TestDoor } from '../http/open-door.ts';
import { Echo } from './echo-endpoint.ts';
import { SocketClient } from './socket-client.ts';

/** A busy machine takes its time. */
const soon = { timeout: 10_000 };

let echo: Echo;
let door: TestDoor;
let server: HttpServer;

beforeEach(async () => {
  echo = new Echo();
  door = openDoor({}, [echo.endpoint()]);
  const { app, log } = door;
  server = await startHttpServer({ app, host: '127.0.0.1', port: 0, log, clock: systemClock });
});

afterEach(() => server.stop(0));

const path = `/v1/sessions/${fakeIds.session}/echo`;
const cookie = `batuta_session=${fakeKeys.login}`;

function open(headers: Record<string, string> = {}, at = path) {
  return SocketClient.open(`${server.url}${at}`, {
    headers: { authorization: `Bearer ${fakeKeys.admin}`, ...headers },
  });
}

function openWithCookie(headers: Record<string, string>) {
  return SocketClient.open(`${server.url}${path}`, { headers: { cookie, ...headers } });
}

describe('before the upgrade', () => {
  test.each<{ who: string; told: string; headers: Record<string, string>; at?: string }>([
    { who: 'no such key', told: '401 key-invalid', headers: { authorization: 'Bearer nobody' } },
    {
      who: 'a key without the scope',
      told: '403 permission-missing',
      headers: { authorization: `Bearer ${fakeKeys.runsOnly}` },
    },
    { who: 'a host that is not ours', told: '403 host-not-allowed', headers: { host: 'evil.example' } },
    {
      who: 'a page elsewhere',
      told: '403 origin-not-allowed',
      headers: { origin: 'https://evil.example' },
    },
    {
      who: 'another tenant',
      told: '404 session-unknown',
      headers: { authorization: `Bearer ${fakeKeys.other}` },
    },
    { who: 'no id', told: '404 session-unknown', headers: {}, at: '/v1/sessions/nothing/echo' },
    { who: 'a query that means nothing', told: '400 request-invalid', headers: {}, at: `${path}?x=1` },
    { who: 'no such address', told: '404 route-unknown', headers: {}, at: '/v1/nothing' },
  ])('$who is answered $told', async ({ told, headers, at = path }) => {
    const [status = '', code] = told.split(' ');
    await expect(open(headers, at)).rejects.toMatchObject({ status: Number(status), code });
    expect(echo.connections).toEqual([]);
  });

  test('nobody comes in without a key', async () => {
    await expect(SocketClient.open(`${server.url}${path}`)).rejects.toMatchObject({ code: 'key-missing' });
  });

  test('an ordinary request is told that a WebSocket is needed', async () => {
    const answer = await door.request(path);
    expect(answer.status).toBe(426);
    expect(await answer.json()).toMatchObject({ code: 'upgrade-required' });
    expect(door.application.recorded).toEqual([]);
  });

  test('other endpoints answer as if no upgrade had been asked for', async () => {
    await expect(open({}, '/openapi.json')).rejects.toMatchObject({ status: 200 });
  });

  test('the audit log tells of who came in and who did not', async () => {
    await open();
    await expect(open({ authorization: `Bearer ${fakeKeys.runsOnly}` })).rejects.toMatchObject({
      status: 403,
    });
    expect(door.application.recorded).toMatchObject([
      { action: 'GET /v1/sessions/{id}/echo', target: fakeIds.session, outcome: 'succeeded' },
      { outcome: 'refused', reason: 'permission-missing' },
    ]);
  });

  test('a handshake that is none is refused as a problem, and leaves its place', async () => {
    for (let count = 0; count < 4; count += 1) {
      const socket = connect(server.port, '127.0.0.1').setEncoding('utf8');
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${fakeKeys.admin}\r\n` +
          'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n',
      );
      const [answer] = (await once(socket, 'data')) as [string];
      expect(answer).toContain('400 Bad Request');
      expect(answer).toContain('"code":"request-malformed"');
      await once(socket, 'close');
    }
  });
});

describe('with the cookie of a browser', () => {
  test('our own page comes in', async () => {
    const { host } = new URL(server.url);
    const client = await openWithCookie({ origin: `http://${host}`, 'sec-fetch-site': 'same-origin' });
    await client.until(({ messages }) => messages.length > 0);
    expect(client.messages).toEqual([{ type: 'hello' }]);
  });

  test.each([
    ['does not say where it comes from', {}],
    ['is of an origin that may call with a key', { origin: 'https://app.example' }],
    ['is of another port of this host', { origin: 'http://127.0.0.1:1' }],
  ])('a page that %s does not', async (_, headers: Record<string, string>) => {
    await expect(openWithCookie(headers)).rejects.toMatchObject({ status: 403, code: 'origin-not-allowed' });
  });
});

describe('an open connection', () => {
  test('carries messages and bytes both ways, and takes the subprotocol', async () => {
    const client = await SocketClient.open(`${server.url}${path}`, {
      headers: { authorization: `Bearer ${fakeKeys.admin}` },
      protocols: ['other', 'batuta.v1'],
    });
    expect(client.socket.protocol).toBe('batuta.v1');
    client.send({ type: 'one' });
    client.socket.send(Buffer.from('bulk'));
    await client.until(({ text }) => text === 'bulk');
    expect(client.messages).toEqual([{ type: 'hello' }, { type: 'echo' }]);
    client.socket.close();
    await client.closed;
    await expect.poll(() => echo.closedCount, soon).toBe(1);
  });

  test.each([
    ['no JSON', 'nonsense', { code: 1007, reason: 'socket-message-invalid' }],
    ['no object', '[1]', { code: 1007, reason: 'socket-message-invalid' }],
    ['too large a message', `{"x":"${'x'.repeat(5000)}"}`, { code: 1009, reason: '' }],
    ['what breaks the endpoint', '{"type":"break"}', { code: 1011, reason: 'internal' }],
  ])('is closed by %s', async (_, sent, end) => {
    const client = await open();
    client.socket.send(sent);
    expect(await client.closed).toEqual(end);
    expect(JSON.stringify(client.messages)).not.toContain('secret of the inside');
    await expect.poll(() => echo.closedCount, soon).toBe(1);
  });

  test('tells what was wrong before it is closed', async () => {
    const client = await open();
    client.socket.send('nonsense');
    await client.closed;
    const { problem } = socketErrorSchema.parse(client.messages.at(-1));
    expect(problem).toMatchObject({ code: 'socket-message-invalid', data: { reason: 'it is not JSON' } });
  });

  test('handles one message after the other, while the others wait at the client', async () => {
    const gate = Promise.withResolvers<void>();
    echo.gate = gate.promise;
    const client = await open();
    // More than the buffers of both ends take.
    const size = 4000;
    for (let count = 0; count < 5000; count += 1) client.send({ type: 'x'.repeat(size) });
    await expect.poll(() => echo.seen.length, soon).toBe(1);
    await expect.poll(() => client.socket.bufferedAmount, soon).toBeGreaterThan(100_000);
    expect(echo.seen).toHaveLength(1);
    gate.resolve();
    await expect.poll(() => echo.seen.length, soon).toBeGreaterThan(1);
  });

  test('takes no more messages in a second than allowed, and loses none', async () => {
    const client = await open();
    for (let count = 0; count < 120; count += 1) client.send({ type: 'x' });
    await expect.poll(() => echo.seen.length, soon).toBe(51);
    await door.clock.advance(100);
    await expect.poll(() => echo.seen.length, soon).toBeGreaterThan(51);
    expect(echo.seen.length).toBeLessThan(60);
    for (let second = 0; second < 40; second += 1) await door.clock.advance(100);
    await expect.poll(() => echo.seen.length, soon).toBe(120);
  });

  test('takes no more bytes in a second than allowed', async () => {
    const client = await open();
    for (let count = 0; count < 40; count += 1) client.socket.send(Buffer.alloc(4096));
    await expect.poll(() => echo.seen.length, soon).toBe(25);
    await door.clock.advance(500);
    await expect.poll(() => echo.seen.length, soon).toBeGreaterThan(30);
  });

  test('is cut off when its client reads too slowly', async () => {
    const client = await open();
    client.socket.pause();
    client.send({ type: 'flood' });
    await expect.poll(() => echo.connections[0]?.isOpen, soon).toBe(false);
    client.socket.resume();
    expect(await client.closed).toEqual({ code: 1013, reason: 'socket-reader-slow' });
    expect(client.received.byteLength).toBeLessThan(9_000_000);
  });

  test('leaves out what may be left out when its client reads too slowly', async () => {
    const client = await open();
    client.socket.pause();
    client.send({ type: 'flood', canSkip: true });
    await expect.poll(() => echo.skipped, soon).toBeGreaterThan(50);
    client.socket.resume();
    await client.until(({ messages }) => messages.length === 2);
    await echo.connections[0]?.drained();
    expect(echo.connections[0]?.pending).toBeLessThan(65_536);
  });
});

describe('places', () => {
  test('each caller has so many', async () => {
    const [first] = await Promise.all([open(), open(), open()]);
    await expect(open()).rejects.toMatchObject({ status: 429, code: 'sockets-too-many' });
    first?.socket.close();
    await expect.poll(() => echo.closedCount, soon).toBe(1);
    await open();
  });

  test('all callers together have so many', async () => {
    await server.stop(0);
    door = openDoor({ sockets: { ...door.settings.sockets, maxOpen: 1 } }, [echo.endpoint()]);
    const { app, log } = door;
    server = await startHttpServer({ app, host: '127.0.0.1', port: 0, log, clock: systemClock });
    await open();
    await expect(open()).rejects.toMatchObject({ status: 503, code: 'sockets-full' });
  });
});
