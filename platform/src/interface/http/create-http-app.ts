import { BatutaError } from '@batuta/contract';
import { Hono, type Context } from 'hono';
import type { WebSocket } from 'ws';
import type { Application } from '../../application/application.ts';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import { answerEmpty } from './answer.ts';
import type { Door } from './door.ts';
import { allEndpoints } from './endpoint/all-endpoints.ts';
import { createPageEndpoints } from './endpoint/page-endpoints.ts';
import type { Endpoint } from './endpoint.ts';
import type { Exchange, HttpEnvironment } from './exchange.ts';
import type { HttpSettings } from './http-settings.ts';
import { answerPage } from './page/page.ts';
import { makeProblemPage, wantsPage } from './page/problem-page.ts';
import { toProblem } from './problem.ts';
import { checkHost } from './security/check-host.ts';
import { checkOrigin, crossOriginHeaders, preflightHeaders } from './security/check-origin.ts';
import { clientAddress, createProxyList } from './security/client-address.ts';
import { tellAudit } from './security/access-note.ts';
import { securityHeaders } from './security/security-headers.ts';
import { OpenSockets, type AdmittedSocket } from '../socket/open-sockets.ts';
import { OpenStreams } from './stream/open-streams.ts';

/** What the door is made of. */
export interface HttpAppDependencies {
  application: Application;
  settings: HttpSettings;
  log: Log;
  clock: Clock;
  /** Absent: all of the platform. */
  endpoints?: readonly Endpoint[];
}

/** The HTTP door as any runtime of web standards can serve it. */
export interface HttpApp {
  fetch(request: Request, bindings?: HttpEnvironment['Bindings']): Response | Promise<Response>;
  /** Open streams. */
  readonly streamCount: number;
  /** WebSockets; absent: there are none. */
  readonly sockets?: {
    isPath(path: string): boolean;
    begin(socket: WebSocket, admitted: AdmittedSocket): void;
  };
  /** Ends all streams and WebSockets and refuses what comes from now on. */
  stop(): void;
}

/** Makes the door: every request goes through host and origin checks, then to its endpoint. */
export function createHttpApp(dependencies: HttpAppDependencies): HttpApp {
  const { application, endpoints: own = allEndpoints } = dependencies;
  const stopping = new AbortController();
  const door = makeDoor(dependencies, stopping.signal);
  const { streams, sockets } = door;
  const endpoints = [...own, ...createPageEndpoints(own, application.health.version)];
  const hono = new Hono<HttpEnvironment>();
  for (const endpoint of endpoints) {
    const { method, path } = endpoint.description;
    const route = path.replaceAll(/\{(\w+)\}/g, ':$1');
    hono.on(method, route, (context) =>
      respond({ door, context, endpoint }, (exchange) => answerOpen(exchange, endpoint)),
    );
  }
  const allowedMethods = createMethodTable(endpoints);
  const socketMethods = createMethodTable(endpoints.filter(({ description }) => description.isSocket));
  hono.notFound((context) =>
    respond({ door, context, endpoint: null }, (exchange) => answerUnrouted(exchange, allowedMethods)),
  );
  return {
    fetch: (request, bindings) => hono.fetch(request, bindings),
    get streamCount() {
      return streams.count;
    },
    sockets: {
      isPath: (path) => socketMethods(path) !== undefined,
      begin: (socket, admitted) => sockets.begin(socket, admitted),
    },
    stop() {
      stopping.abort();
      streams.end();
      sockets.end();
    },
  };
}

function makeDoor({ application, settings, log, clock }: HttpAppDependencies, stopping: AbortSignal): Door {
  const streams = new OpenStreams({ clock, log, limit: settings.maxStreams });
  const sockets = new OpenSockets({
    settings: settings.sockets,
    clock,
    watch: (identity, ended) => application.access.watch(identity, ended),
    toProblem: (identity, error) => application.redactProblem(identity, toProblem(error, log).problem),
  });
  const isProxy = createProxyList(settings.trustedProxies);
  return { application, settings, log, clock, streams, sockets, isProxy, stopping };
}

/** A request that has come in, and the endpoint that it is for; null: none. */
interface Incoming {
  door: Door;
  context: Context<HttpEnvironment>;
  endpoint: Endpoint | null;
}

/** Answers a request, whatever happens, logs it and tells the audit log. */
async function respond(
  { door, context, endpoint }: Incoming,
  answer: (exchange: Exchange) => Response | Promise<Response>,
): Promise<Response> {
  const startedAt = door.clock.monotonic();
  const exchange = openExchange(door, context);
  const answered = await answerSafely(exchange, answer);
  tellAudit(exchange, endpoint?.description ?? null, answered);
  const { method, path } = context.req;
  // Without the query: it may hold a login token.
  const ms = door.clock.monotonic() - startedAt;
  door.log.debug('request', { method, path, status: answered.status, ms });
  return answered;
}

async function answerSafely(
  exchange: Exchange,
  answer: (exchange: Exchange) => Response | Promise<Response>,
): Promise<Response> {
  const { door, context } = exchange;
  try {
    checkHost(context.req.header('host'), door.settings);
    const origin = context.req.header('origin');
    if (
      checkOrigin(origin, context.req.header('host'), door.settings) === 'allowed' &&
      origin !== undefined
    ) {
      Object.assign(exchange.headers, crossOriginHeaders(origin));
    }
    return await answer(exchange);
  } catch (error) {
    const { problem: found, headers } = toProblem(error, door.log);
    const problem = door.application.redactProblem(exchange.note.identity, found);
    if (problem.status === 401) headers['www-authenticate'] = exchange.challenge ?? 'Bearer';
    exchange.note.failure = problem.code;
    if (wantsPage(context.req.header('accept'))) {
      const shown = { headers: { ...exchange.headers, ...headers } };
      return answerPage(shown, makeProblemPage(problem), problem.status);
    }
    return new Response(JSON.stringify(problem), {
      status: problem.status,
      headers: { ...exchange.headers, 'content-type': 'application/problem+json', ...headers },
    });
  }
}

function openExchange(door: Door, context: Context<HttpEnvironment>): Exchange {
  const connection = context.env?.incoming?.socket.remoteAddress;
  const address = clientAddress(connection, context.req.header('x-forwarded-for'), door.isProxy);
  const note = { identity: null, failure: null };
  return { door, context, address, note, headers: { ...securityHeaders } };
}

async function answerOpen(exchange: Exchange, endpoint: Endpoint): Promise<Response> {
  if (endpoint.description.isCounted) await exchange.door.application.limits.enter(exchange.address);
  if (exchange.door.stopping.aborted && endpoint.description.scope !== null) {
    throw new BatutaError('server-stopping', { retry_after_seconds: 1 });
  }
  return endpoint.answer(exchange);
}

/** No endpoint has this path and method: a CORS preflight, a wrong method or an unknown path. */
function answerUnrouted(exchange: Exchange, allowedMethods: (path: string) => string | undefined): Response {
  const { method, path } = exchange.context.req;
  const shownPath = path.slice(0, 256);
  const allowed = allowedMethods(path);
  if (allowed === undefined) throw new BatutaError('route-unknown', { method, path: shownPath });
  const isPreflight = method === 'OPTIONS' && 'access-control-allow-origin' in exchange.headers;
  if (isPreflight) return answerEmpty(exchange, 204, preflightHeaders);
  throw new BatutaError('method-not-allowed', { method, path: shownPath, allowed });
}

/** The methods of a path, as an Allow header lists them. */
function createMethodTable(endpoints: readonly Endpoint[]): (path: string) => string | undefined {
  const patterns = endpoints.map(({ description: { method, path } }) => ({
    method,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));
  return (path) => {
    const methods = patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    if (methods.length === 0) return undefined;
    return methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  };
}
