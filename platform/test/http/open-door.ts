import { createHttpApp, type HttpApp } from '../../src/interface/http/create-http-app.ts';
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
  request(path: string, request?: TestRequest): Promise<Response>;
}

/** Opens a door that no network is needed for. */
export function openDoor(settings: Partial<HttpSettings> = {}): TestDoor {
  const application = new FakeApplication();
  const clock = new FakeClock();
  const log = new MemoryLog();
  const app = createHttpApp({ application, settings: { ...testSettings, ...settings }, log, clock });
  return { app, application, clock, log, request: (path, request = {}) => send(app, path, request) };
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
