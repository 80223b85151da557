import { createHttpApp, type HttpApp } from '../../src/interface/http/create-http-app.ts';
import type { Endpoint } from '../../src/interface/http/endpoint.ts';
import type { HttpSettings } from '../../src/interface/http/http-settings.ts';
import type { Log, LogFields } from '../../src/port/log.ts';
import { FakeApplication, fakeKeys } from './fake-application.ts';
import { FakeClock } from './fake-clock.ts';

/** Settings of the tests: small limits, so that they can be reached. */
export const testSettings: HttpSettings = {
  host: '127.0.0.1',
  allowedHosts: ['batuta.example', 'with-port.example:8443'],
  allowedOrigins: ['https://app.example'],
  trustedProxies: ['10.0.0.0/8'],
  issuers: [],
  maxBodyBytes: 4096,
  maxStreams: 10,
  sockets: {
    maxOpen: 6,
    maxPerCaller: 3,
    maxMessageBytes: 4096,
    messagesPerSecond: 50,
    bytesPerSecond: 100_000,
    maxPendingBytes: 200_000,
    pingSeconds: 15,
    idleSeconds: 60,
    totalSeconds: 600,
  },
};

/** Keeps what was logged. */
export class MemoryLog implements Log {
  readonly lines: { level: string; message: string; fields: LogFields }[] = [];
  debug = this.#at('debug');
  info = this.#at('info');
  warn = this.#at('warn');
  error = this.#at('error');

  #at(level: string): (message: string, fields?: LogFields) => void {
    return (message, fields = {}) => void this.lines.push({ level, message, fields });
  }
}

/** A request of a test. `key: null` sends none. */
export interface TestRequest {
  method?: string;
  key?: string | null;
  headers?: Record<string, string>;
  /** Sent as JSON; `raw` is sent as it is. */
  json?: unknown;
  raw?: string | Uint8Array | ReadableStream<Uint8Array>;
}

/** A door with a fake behind it. */
export interface TestDoor {
  app: HttpApp;
  application: FakeApplication;
  clock: FakeClock;
  log: MemoryLog;
  settings: HttpSettings;
  request(path: string, request?: TestRequest): Promise<Response>;
}

/** Opens a door that no network is needed for. */
export function openDoor(changed: Partial<HttpSettings> = {}, endpoints?: readonly Endpoint[]): TestDoor {
  const settings = { ...testSettings, ...changed };
  const application = new FakeApplication();
  const clock = new FakeClock();
  const log = new MemoryLog();
  const app = createHttpApp({ application, settings, log, clock, ...(endpoints && { endpoints }) });
  return {
    app,
    application,
    clock,
    log,
    settings,
    request: (path, request = {}) => send(app, path, request),
  };
}

/** Sends a request to a door over any application. */
export async function send(app: HttpApp, path: string, request: TestRequest = {}): Promise<Response> {
  const body = request.raw ?? (request.json === undefined ? undefined : JSON.stringify(request.json));
  const init: RequestInit & { duplex: 'half' } = {
    method: request.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: requestHeaders(request, body !== undefined),
    duplex: 'half',
  };
  if (body !== undefined) init.body = body as BodyInit;
  return app.fetch(new Request(`http://127.0.0.1:3000${path}`, init));
}

function requestHeaders(
  { key = fakeKeys.admin, headers }: TestRequest,
  hasBody: boolean,
): Record<string, string> {
  return {
    host: '127.0.0.1:3000',
    ...(key !== null && { authorization: `Bearer ${key}` }),
    ...(hasBody && { 'content-type': 'application/json' }),
    ...headers,
  };
}
