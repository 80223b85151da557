import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { BatutaError } from '@batuta/contract';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import type { HttpApp } from './create-http-app.ts';
import { renderProblem } from './problem.ts';
import { securityHeaders } from './security/security-headers.ts';
import { attachUpgrades, wantsSocket, type Upgrades } from './upgrade.ts';

/** What a client may take its time with. Streams are answers, so that no bound on requests touches them. */
export interface ClientTimeouts {
  headersMs: number;
  requestMs: number;
  /** How long an idle connection is kept. */
  keepAliveMs: number;
}

/** Idle connections are kept longer than the 60 s of usual load balancers, which must be the ones to close them. */
const usualTimeouts: ClientTimeouts = { headersMs: 15_000, requestMs: 60_000, keepAliveMs: 65_000 };
const longestCheckMs = 5_000;
const maxHeaderBytes = 16_384;
const closePollMs = 25;

/** Where to listen. Port 0: any free one. */
export interface HttpServerOptions {
  app: HttpApp;
  host: string;
  port: number;
  log: Log;
  clock: Clock;
  timeouts?: ClientTimeouts;
}

/** A server that listens. */
export interface HttpServer {
  url: string;
  port: number;
  /** Stops accepting, ends streams, waits up to `graceMs` for open requests, then destroys what is left. */
  stop(graceMs: number): Promise<void>;
}

/** Listens. Errors: `port-in-use`. */
export async function startHttpServer({
  app,
  host,
  port,
  log,
  clock,
  timeouts = usualTimeouts,
}: HttpServerOptions): Promise<HttpServer> {
  // The server below speaks HTTP/1.1 only, so that the bindings are those of node:http.
  const listener = getRequestListener((request, bindings) => app.fetch(request, bindings as HttpBindings), {
    hostname: host,
    errorHandler: answerMalformed,
  });
  const server = createServer(
    {
      // Node refuses a bound on headers above the one on the whole request.
      headersTimeout: Math.min(timeouts.headersMs, timeouts.requestMs),
      requestTimeout: timeouts.requestMs,
      keepAliveTimeout: timeouts.keepAliveMs,
      maxHeaderSize: maxHeaderBytes,
      connectionsCheckingInterval: Math.min(longestCheckMs, timeouts.headersMs),
      shouldUpgradeCallback: (incoming) => wantsSocket(incoming, app),
    },
    (incoming, outgoing) => void listener(incoming, outgoing),
  );
  server.on('clientError', (error, socket) => answerClientError(clientError(error, timeouts), error, socket));
  const upgrades = attachUpgrades(server, app);
  await listen(server, host, port);
  const bound = (server.address() as AddressInfo).port;
  log.info('listening', { host, port: bound });
  return {
    url: `http://${urlHost(host)}:${bound}`,
    port: bound,
    stop: (graceMs) => stop(app, { server, upgrades, clock }, graceMs),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new BatutaError('port-in-use', { host, port }, { cause: error })
          : error,
      ),
    );
    server.listen(port, host, resolve);
  });
}

/** Connections are kept open by clients after their answer: they are closed as they become idle. */
async function stop(
  app: HttpApp,
  { server, upgrades, clock }: { server: Server; upgrades: Upgrades; clock: Clock },
  graceMs: number,
): Promise<void> {
  const deadline = clock.monotonic() + graceMs;
  const closing = new AbortController();
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  void closed.then(() => closing.abort());
  app.stop();
  while (!closing.signal.aborted && clock.monotonic() < deadline) {
    server.closeIdleConnections();
    await clock.sleep(closePollMs, closing.signal);
  }
  server.closeAllConnections();
  upgrades.destroy();
  await closed;
}

/** What Node.js could not read as a request never reaches the app: the problem is written to the socket by hand. */
function answerClientError(told: BatutaError, error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const problem = renderProblem(told);
  const body = JSON.stringify(problem);
  const headers = {
    ...securityHeaders,
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${problem.status} ${problem.title}\r\n${lines.join('')}\r\n${body}`);
}

function clientError({ code, message }: NodeJS.ErrnoException, timeouts: ClientTimeouts): BatutaError {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new BatutaError('headers-too-large', { limit_bytes: maxHeaderBytes });
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new BatutaError('request-timeout', { seconds: timeouts.requestMs / 1000 });
  }
  return new BatutaError('request-malformed', { reason: message.slice(0, 200) });
}

function answerMalformed(error: unknown): Response {
  const reason = error instanceof Error ? error.message.slice(0, 200) : 'it cannot be read';
  const problem = renderProblem(new BatutaError('request-malformed', { reason }));
  const headers = { ...securityHeaders, 'content-type': 'application/problem+json' };
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
