import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { JsonValue } from '@batuta/contract';

import { machineClock, type EmulatorClock } from '../emulator/clock.ts';
import { play } from '../emulator/player.ts';
import type { Transmission } from '../emulator/transmission.ts';
import { LocalServer } from '../http/local-server.ts';
import { readBytes } from '../http/read-bytes.ts';
import { bodyHash, bodyValue } from './canonical-body.ts';
import { bytesOf, parseRecording, type RecordedExchange } from './exchange.ts';
import { nearestExchange, type UnmatchedRequest } from './nearest-exchange.ts';
import { SecretRemover } from './secret-remover.ts';

/** How a replayer is started. */
export interface ReplayerOptions {
  /** A recording that a recorder has written. */
  file: string;
  /** At the pace of the provider, or at once. */
  pace?: 'recorded' | 'at-once';
  /** The values that were given to the recorder, if requests have them in their body. */
  secrets?: readonly string[];
  /** Takes out of a body what changes from run to run; used for recorded and for new requests. Contract: pure. */
  normalise?: (body: JsonValue) => JsonValue;
  host?: string;
  port?: number;
  bodyLimitBytes?: number;
  clock?: EmulatorClock;
}

const defaults = {
  pace: 'at-once',
  secrets: [],
  normalise: (body: JsonValue) => body,
  host: '127.0.0.1',
  port: 0,
  bodyLimitBytes: 64 * 1024 * 1024,
  clock: machineClock,
} as const;

/** Starts a server that answers from a recording: each request with the next exchange of the same address and body. */
export async function startReplayer(options: ReplayerOptions): Promise<Replayer> {
  const content = await readFile(options.file, 'utf8');
  const replayer = new Replayer({ ...defaults, ...options }, parseRecording(content, options.file));
  await replayer.start();
  return replayer;
}

/** A running replayer. */
export class Replayer {
  readonly #options: Required<ReplayerOptions>;
  readonly #server: LocalServer;
  readonly #exchanges: readonly RecordedExchange[];
  readonly #waiting = new Map<string, RecordedExchange[]>();
  readonly #unmatched: string[] = [];

  constructor(options: Required<ReplayerOptions>, exchanges: readonly RecordedExchange[]) {
    this.#options = options;
    this.#exchanges = exchanges;
    for (const exchange of exchanges) {
      const key = this.#keyOf({ ...exchange, body: exchange.request_body });
      this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), exchange]);
    }
    this.#server = new LocalServer((incoming, response) => this.#handle(incoming, response));
  }

  /** Begins to listen; `startReplayer` has done so. */
  async start(): Promise<void> {
    const { host, port } = this.#options;
    await this.#server.listen({ name: 'the replayer', host, port });
  }

  /** What clients use as the base address instead of the provider's. */
  get url(): string {
    return this.#server.url;
  }

  /** How many recorded exchanges were not asked for yet. */
  get remaining(): number {
    return [...this.#waiting.values()].reduce((sum, exchanges) => sum + exchanges.length, 0);
  }

  /** What was said to the requests that nothing in the recording answers. */
  get unmatched(): readonly string[] {
    return this.#unmatched;
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #handle(incoming: IncomingMessage, response: ServerResponse): void {
    readBytes(incoming, this.#options.bodyLimitBytes, (bytes) => {
      if (bytes === undefined) {
        return refuse(response, 413, `The body is larger than ${this.#options.bodyLimitBytes} bytes.`);
      }
      // A remover for each request: what one of them taught must not change how another is matched.
      const remover = new SecretRemover(this.#options.secrets);
      const { headers, method = 'GET', url: path = '/' } = incoming;
      remover.learn(headers, path);
      const request = { method, path: remover.path(path), body: remover.json(bodyValue(bytes)) };
      const exchange = this.#waiting.get(this.#keyOf(request))?.shift();
      if (exchange === undefined) return this.#refuseUnmatched(request, response);
      play(response, this.#transmissionOf(exchange), { clock: this.#options.clock, ended: () => {} });
    });
  }

  #keyOf({ method, path, body }: UnmatchedRequest): string {
    return `${method} ${path} ${bodyHash(this.#options.normalise(body))}`;
  }

  #transmissionOf({ chunks, complete, headers, status }: RecordedExchange): Transmission {
    const timed = this.#options.pace === 'recorded';
    const pieces = chunks.map((chunk) => ({ data: bytesOf(chunk), waitMs: timed ? chunk.after_ms : 0 }));
    const whole = { data: Buffer.concat(pieces.map((piece) => piece.data)), waitMs: 0 };
    const steps = timed ? pieces : [whole];
    if (complete) return { status, headers, steps, ending: 'end' };
    if (whole.data.length === 0) return { status, headers, steps, ending: 'drop' };
    return { status, headers, steps, ending: 'end', cutAfterBytes: whole.data.length };
  }

  #refuseUnmatched(request: UnmatchedRequest, response: ServerResponse): void {
    const message = explain(request, this.#exchanges);
    this.#unmatched.push(message);
    refuse(response, 404, message);
  }
}

function explain(request: UnmatchedRequest, exchanges: readonly RecordedExchange[]): string {
  const asked = `The recording has no answer left for ${request.method} ${request.path}.`;
  const nearest = nearestExchange(request, exchanges);
  if (nearest === undefined) return `${asked} It is empty.`;
  const { exchange, differences } = nearest;
  const place = `The nearest recorded request is number ${exchange.index + 1}, ${exchange.method} ${exchange.path}`;
  if (differences.length > 0) return `${asked} ${place}, which differs at ${differences.join('; ')}.`;
  const same = exchange.method === request.method && exchange.path === request.path;
  return `${asked} ${place}, with the same body${same ? '; it was given already' : ''}.`;
}

/** One body that the clients of all providers can read. */
function refuse(response: ServerResponse, status: number, message: string): void {
  const error = {
    type: 'not_found_error',
    code: 'recording-missing',
    status: 'NOT_FOUND',
    param: null,
    message,
  };
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ type: 'error', error }));
}
