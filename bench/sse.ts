/**
 * What a frame of a stream costs: 500 clients, 50 frames a second each, through the raw response of Node.js and through a
 * web stream on the same server. The clients are a process of their own that only counts bytes; the figure is the CPU time
 * of the server's process. `node bench/sse.ts [clients] [frames a second] [seconds]`
 *
 * Two cores at 2026-11-21, 500 streams at 50 frames/s: the raw response takes 4 to 6 microseconds of the program's time a
 * frame, the web stream 8 to 9; both take 6 to 7 of the kernel's, one write to a socket. Hence the raw response is used
 * where there is one. A quarter of a core carries 25,000 frames a second.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Application } from '../platform/src/application/application.ts';
import type { FrameSink } from '../platform/src/application/stream/frame.ts';
import { systemClock } from '../platform/src/adapter/clock-system/system-clock.ts';
import { createHttpApp, type HttpApp } from '../platform/src/interface/http/create-http-app.ts';
import { startHttpServer } from '../platform/src/interface/http/start-http-server.ts';
import { FakeApplication, fakeIds, fakeKeys } from '../platform/test/http/fake-application.ts';

const [clients = 500, framesPerSecond = 50, seconds = 10] = process.argv.slice(2).map(Number);
const tickMs = 1000 / framesPerSecond;

/** The frame of a token: about what one costs on the wire in a real stream. */
const data = JSON.stringify({ message_id: `msg_${'0'.repeat(26)}`, offset: 1234, text: ' token' });
const frame = { id: `17:msg_${'0'.repeat(26)}:1240`, event: 'text-delta', data };

function silentLog() {
  const ignore = () => undefined;
  return { debug: ignore, info: ignore, warn: ignore, error: ignore };
}

function createApp(application: Application): HttpApp {
  return createHttpApp({
    application,
    settings: {
      host: '127.0.0.1',
      allowedHosts: [],
      allowedOrigins: [],
      trustedProxies: [],
      maxBodyBytes: 1_048_576,
      issuers: [],
      maxStreams: 10_000,
      sockets: {
        maxOpen: 1,
        maxPerCaller: 1,
        maxMessageBytes: 1024,
        messagesPerSecond: 1,
        bytesPerSecond: 1024,
        maxPendingBytes: 65_536,
        pingSeconds: 15,
        idleSeconds: 60,
        totalSeconds: 60,
      },
    },
    log: silentLog(),
    clock: systemClock,
  });
}

/** Hides the raw response, as it is hidden on every other runtime. */
function withoutRawResponse(app: HttpApp): HttpApp {
  return { fetch: (request) => app.fetch(request), streamCount: 0, stop: () => app.stop() };
}

interface Figure {
  way: string;
  /** CPU time in microseconds, in the program and in the kernel. */
  userPerFrame: number;
  systemPerFrame: number;
  megabytes: number;
  latestTickMs: number;
}

async function measure(way: string, wrap: (app: HttpApp) => HttpApp): Promise<Figure> {
  const application = new FakeApplication();
  const app = createApp(application);
  const server = await startHttpServer({
    app: wrap(app),
    host: '127.0.0.1',
    port: 0,
    log: silentLog(),
    clock: systemClock,
  });
  const readers = fork(import.meta.filename, ['--read', String(server.port), String(clients)]);
  await once(readers, 'message');
  const sinks = application.followers.map(({ sink }) => sink);
  await feed(sinks, 2);
  const before = process.cpuUsage();
  const latestTickMs = await feed(sinks, seconds);
  const { user, system } = process.cpuUsage(before);
  const megabytes = process.memoryUsage().rss / 1e6;
  await stopReaders(readers);
  await server.stop(0);
  const frames = clients * framesPerSecond * seconds;
  return {
    way,
    userPerFrame: Number((user / frames).toFixed(2)),
    systemPerFrame: Number((system / frames).toFixed(2)),
    megabytes: Math.round(megabytes),
    latestTickMs: Math.round(latestTickMs),
  };
}

/** Writes one frame to every stream at each tick, and tells how late the latest tick was. */
async function feed(sinks: readonly FrameSink[], forSeconds: number): Promise<number> {
  const start = performance.now();
  let latest = 0;
  for (let tick = 1; tick <= forSeconds * framesPerSecond; tick += 1) {
    const due = start + tick * tickMs;
    await systemClock.sleep(Math.max(0, due - performance.now()));
    latest = Math.max(latest, performance.now() - due);
    for (const sink of sinks) sink.write(frame);
  }
  return latest;
}

async function stopReaders(readers: ChildProcess): Promise<void> {
  const exited = once(readers, 'exit');
  readers.disconnect();
  await exited;
}

/** The clients' process: bare sockets that throw away what they read. */
async function read(port: number, count: number): Promise<void> {
  const request = `GET /v1/runs/${fakeIds.run}/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${fakeKeys.admin}\r\n\r\n`;
  for (let opened = 0; opened < count; opened += 1) {
    const socket = connect(port, '127.0.0.1');
    socket.write(request);
    await once(socket, 'data');
    socket.resume();
    socket.on('error', () => socket.destroy());
  }
  process.send?.('open');
  process.on('disconnect', () => process.exit(0));
}

if (process.argv[2] === '--read') {
  await read(Number(process.argv[3]), Number(process.argv[4]));
} else {
  console.log(`${clients} streams, ${framesPerSecond} frames/s each, ${seconds} s`);
  const figures: Figure[] = [];
  for (const round of [1, 2]) {
    figures.push(await measure(`raw response ${round}`, (app) => app));
    figures.push(await measure(`web stream ${round}`, withoutRawResponse));
  }
  console.table(figures);
}
