import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { startHttpServer, type HttpServer } from '../../src/interface/http/start-http-server.ts';
import { fakeIds, fakeKeys } from '../http/fake-application.ts';
import { openDoor, type TestDoor } from '../http/open-door.ts';
import { openPlatform } from '../http/open-platform.ts';
import { Echo } from './echo-endpoint.ts';
import { SocketClient } from './socket-client.ts';

/** A busy machine takes its time. */
const soon = { timeout: 10_000 };

const path = `/v1/sessions/${fakeIds.session}/echo`;
const headers = { authorization: `Bearer ${fakeKeys.admin}` };

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

async function open(options: { autoPong?: boolean } = {}): Promise<SocketClient> {
  const client = await SocketClient.open(`${server.url}${path}`, { headers, ...options });
  await client.until(({ messages }) => messages.length === 1);
  return client;
}

/** Lets time pass, and what was caused by it reach both ends. */
async function pass(seconds: number, client: SocketClient): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 15) {
    await door.clock.advance(15_000);
    if (client.socket.readyState !== WebSocket.OPEN) return;
    client.socket.ping();
    await Promise.race([once(client.socket, 'pong'), client.closed]);
  }
}

describe('an open connection', () => {
  test('is closed when no message went over it for long, whatever its signs of life', async () => {
    const client = await open();
    await pass(45, client);
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
    await pass(30, client);
    expect(await client.closed).toEqual({ code: 1000, reason: 'socket-idle' });
  });

  test('is closed when it was open for long, however busy', async () => {
    const client = await open();
    for (let sent = 0; sent < 19; sent += 1) {
      await pass(15, client);
      client.send({ type: 'x' });
      await expect.poll(() => echo.seen.length, soon).toBe(sent + 1);
      await pass(15, client);
    }
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
    client.send({ type: 'x' });
    await pass(45, client);
    expect(await client.closed).toEqual({ code: 1000, reason: 'socket-expired' });
  });

  test('is cut when its client gives no sign of life', async () => {
    const client = await open({ autoPong: false });
    await door.clock.advance(15_000);
    await door.clock.advance(15_000);
    expect(await client.closed).toMatchObject({ code: 1006 });
    await expect.poll(() => echo.closedCount, soon).toBe(1);
  });

  test('an endpoint may allow less than the configuration', async () => {
    await server.stop(0);
    door = openDoor({}, [echo.endpoint({ idleSeconds: 15, totalSeconds: 1_000_000 })]);
    const { app, log } = door;
    server = await startHttpServer({ app, host: '127.0.0.1', port: 0, log, clock: systemClock });
    const client = await open();
    await pass(15, client);
    expect(await client.closed).toEqual({ code: 1000, reason: 'socket-idle' });
  });
});

describe('when the server stops', () => {
  test('connections are closed with the hint to connect again', async () => {
    const client = await open();
    await server.stop(5_000);
    expect(await client.closed).toEqual({ code: 1012, reason: 'server-stopping' });
    expect(client.messages.at(-1)).toMatchObject({ type: 'error', problem: { code: 'server-stopping' } });
    await expect.poll(() => echo.closedCount, soon).toBe(1);
  });

  test('a client that does not answer does not keep it', async () => {
    const client = await open();
    client.socket.pause();
    await server.stop(50);
    client.socket.resume();
    await client.closed;
    await expect.poll(() => echo.closedCount, soon).toBe(1);
  });
});

test('a connection ends when the key that it was opened with is revoked', { timeout: 30_000 }, async () => {
  const whole = await openPlatform({ model: [] }, [echo.endpoint()]);
  try {
    const { application, identity } = whole.platform;
    const { session_id } = await application.runs.accept(identity, { agent: 'assistant', input: 'Hi' });
    const at = `${whole.server.url}/v1/sessions/${session_id}/echo`;
    const made = await application.keys.create(identity, { name: 'short', role: 'operator', scopes: ['*'] });
    const foreign = { headers: { authorization: `Bearer ${whole.strangerKey}` } };
    await expect(SocketClient.open(at, foreign)).rejects.toMatchObject({ code: 'session-unknown' });
    const [client, other] = await Promise.all(
      [made.key, whole.key].map((key) =>
        SocketClient.open(at, { headers: { authorization: `Bearer ${key}` } }),
      ),
    );
    await application.keys.revoke(identity, made.id);
    expect(await client?.closed).toEqual({ code: 1008, reason: 'access-ended' });
    expect(client?.messages.at(-1)).toMatchObject({ problem: { data: { reason: 'key-revoked' } } });
    expect(other?.socket.readyState).toBe(WebSocket.OPEN);
  } finally {
    await whole.close();
  }
});
