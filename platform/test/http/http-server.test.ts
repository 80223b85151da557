import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { startHttpServer, type HttpServer } from '../../src/interface/http/start-http-server.ts';
import { fakeIds, fakeKeys, makeRun } from './fake-application.ts';
import { openDoor, type TestDoor } from './open-door.ts';

let door: TestDoor;
let server: HttpServer;
let controller: AbortController;
const sockets: Socket[] = [];

beforeEach(async () => {
  door = openDoor();
  server = await startHttpServer({
    app: door.app,
    host: '127.0.0.1',
    port: 0,
    log: door.log,
    clock: systemClock,
  });
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.stop(0);
});

async function openSocket(): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1').setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes as they are and gives back what comes until the server closes. */
async function exchange(bytes: string): Promise<string> {
  const socket = await openSocket();
  let text = '';
  socket.on('data', (piece: string) => (text += piece));
  socket.write(bytes);
  await once(socket, 'close');
  return text;
}

const head = `Host: 127.0.0.1\r\nAuthorization: Bearer ${fakeKeys.admin}\r\n`;

test('serves over the network', async () => {
  const answer = await fetch(`${server.url}/health`);
  expect(await answer.json()).toEqual({ status: 'ok', version: '1.2.3' });
});

test('says that an address is in use, and how to mend it', async () => {
  const again = startHttpServer({
    app: door.app,
    host: '127.0.0.1',
    port: server.port,
    log: door.log,
    clock: door.clock,
  });
  await expect(again).rejects.toMatchObject({
    code: 'port-in-use',
    data: { host: '127.0.0.1', port: server.port },
  });
});

test('hangs up on a client that does not finish its headers in time', async () => {
  await server.stop(0);
  const timeouts = { headersMs: 100, requestMs: 2000, keepAliveMs: 1000 };
  const { app, log } = door;
  server = await startHttpServer({ app, host: '127.0.0.1', port: 0, log, clock: systemClock, timeouts });
  expect(await exchange('GET / HTTP/1.1\r\nHost: 127')).toContain('request-timeout');
});

test.each([
  {
    what: 'huge headers',
    bytes: `GET / HTTP/1.1\r\n${head}X: ${'x'.repeat(20_000)}\r\n\r\n`,
    code: 'headers-too-large',
  },
  {
    what: 'a control character',
    bytes: `GET / HTTP/1.1\r\n${head}X: a\0b\r\n\r\n`,
    code: 'request-malformed',
  },
  { what: 'no HTTP', bytes: 'nonsense\r\n\r\n', code: 'request-malformed' },
  {
    what: 'a backslash',
    bytes: `GET /\\e HTTP/1.1\r\nConnection: close\r\n${head}\r\n`,
    code: 'request-malformed',
  },
])('answers $what with a problem', async ({ bytes, code }) => {
  const text = await exchange(bytes);
  expect(text).toMatch(/^HTTP\/1.1 4(00|31) /);
  expect(text).toContain('content-type: application/problem+json');
  expect(text).toContain(`"code":"${code}"`);
});

test('a chunked body is counted as it arrives', async () => {
  const chunk = `1000\r\n${'x'.repeat(4096)}\r\n`;
  const request = `POST /v1/runs HTTP/1.1\r\n${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const socket = await openSocket();
  socket.write(request + chunk + chunk);
  const [piece] = (await once(socket, 'data')) as [string];
  expect(piece).toContain('request-too-large');
});

test('a stop lets open requests end, then closes their connections', async () => {
  const release = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  door.application.runs.get = async (_identity, id) => {
    started.resolve();
    await release.promise;
    return {
      ...(await door.application.runs.waitForEnd(_identity, id, { seconds: 0, signal: AbortSignal.abort() })),
    };
  };
  const headers = { authorization: `Bearer ${fakeKeys.admin}` };
  const answering = fetch(`${server.url}/v1/runs/${fakeIds.run}`, { headers });
  await started.promise;
  const stopped = server.stop(10_000);
  release.resolve();
  expect((await answering).status).toBe(200);
  await stopped;
  await expect(fetch(`${server.url}/health`)).rejects.toThrow('fetch failed');
});

test.each([
  ['the client goes away', () => controller.abort()],
  ['the server stops', () => door.app.stop()],
])('waiting for a run ends when %s', async (_name, interrupt) => {
  const waiting = Promise.withResolvers<AbortSignal>();
  door.application.runs.waitForEnd = (_identity, _id, { signal }) => {
    waiting.resolve(signal);
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(makeRun())));
  };
  controller = new AbortController();
  const answering = fetch(`${server.url}/v1/runs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${fakeKeys.admin}`, 'content-type': 'application/json' },
    body: JSON.stringify({ agent: 'assistant', input: 'Hello', wait: 300 }),
    signal: controller.signal,
  }).then(
    ({ status }) => status,
    () => 'aborted',
  );
  const signal = await waiting.promise;
  const aborted = once(signal, 'abort');
  interrupt();
  await aborted;
  expect([202, 'aborted']).toContain(await answering);
});

test('a stop destroys what does not end in time', async () => {
  const started = Promise.withResolvers<void>();
  door.application.runs.get = () => {
    started.resolve();
    return new Promise(() => undefined);
  };
  const headers = { authorization: `Bearer ${fakeKeys.admin}` };
  const answering = fetch(`${server.url}/v1/runs/${fakeIds.run}`, { headers });
  await started.promise;
  await Promise.all([expect(answering).rejects.toThrow('fetch failed'), server.stop(10)]);
});

test('a stop ends streams with a hint, without waiting for the time to pass', async () => {
  const headers = { authorization: `Bearer ${fakeKeys.admin}` };
  const answer = await fetch(`${server.url}/v1/runs/${fakeIds.run}/events`, { headers });
  const [text] = await Promise.all([answer.text(), server.stop(60_000)]);
  expect(text).toBe('retry: 1000\n\nretry: 1000\n\n');
});
