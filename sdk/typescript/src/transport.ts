import { BatutaError } from '@batuta/contract';
import { askedDelayMs, backoffMs } from './backoff.ts';
import type { BatutaClientOptions, CallOptions } from './client-options.ts';
import { readError } from './read-error.ts';

/** One call to the API. */
export interface Call extends CallOptions {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT';
  path: string;
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** Whether it may be sent again when nobody knows what became of it. */
  isRepeatable?: boolean;
  /** Statuses besides 2xx that are answers and no errors. */
  alsoAnswers?: readonly number[];
}

/** Sends calls: adds the key, repeats what may be repeated, turns failures into `BatutaError`. */
export class Transport {
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly random: () => number;
  readonly #baseUrl: string;
  readonly #key: string | undefined;
  readonly #fetch: typeof fetch;
  readonly #timeoutMs: number;
  readonly #maxTries: number;

  constructor(options: BatutaClientOptions) {
    this.sleep = options.sleep ?? sleepReally;
    this.random = options.random ?? Math.random;
    this.#baseUrl = options.baseUrl.replace(/\/+$/, '');
    this.#key = options.key;
    this.#fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.#timeoutMs = options.timeoutMs ?? 60_000;
    this.#maxTries = options.maxTries ?? 4;
  }

  /** Sends a call and reads the JSON of its answer; undefined for an answer without a body. */
  async send<T>(call: Call): Promise<T> {
    const tries = call.isRepeatable ? this.#maxTries : 1;
    for (let failures = 1; ; failures += 1) {
      const outcome = await this.#try<T>(call);
      if ('value' in outcome) return outcome.value;
      if (failures >= tries || !outcome.isTransient || call.signal?.aborted) throw outcome.error;
      await this.sleep(outcome.delayMs ?? backoffMs(failures, this.random), call.signal);
    }
  }

  /** Opens a stream. Errors: `server-unreachable` and what the server says. */
  async open(call: Call): Promise<Response> {
    const answer = await this.#fetchOnce(call, call.signal);
    if (answer.ok) return answer;
    throw await readError(answer);
  }

  /** Where a WebSocket is opened, and with what. Browsers send their cookie instead of a key, which they cannot. */
  socket(call: Pick<Call, 'path' | 'query'>): SocketTarget {
    const url = this.#url(call).replace(/^http/, 'ws');
    return { url, headers: this.#key === undefined ? {} : { authorization: `Bearer ${this.#key}` } };
  }

  async #try<T>(call: Call): Promise<Outcome<T>> {
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    const signal = call.signal === undefined ? timeout : AbortSignal.any([call.signal, timeout]);
    try {
      const answer = await this.#fetchOnce(call, signal);
      if (answer.ok || call.alsoAnswers?.includes(answer.status)) {
        return { value: (answer.status === 204 ? undefined : await answer.json()) as T };
      }
      const error = await readError(answer);
      return { error, isTransient: isTransientStatus(answer.status), delayMs: askedDelayMs(answer) };
    } catch (error) {
      if (call.signal?.aborted) throw call.signal.reason;
      return { error: this.#asUnreachable(error), isTransient: true, delayMs: undefined };
    }
  }

  async #fetchOnce(call: Call, signal: AbortSignal | undefined): Promise<Response> {
    try {
      return await this.#fetch(this.#url(call), {
        method: call.method ?? 'GET',
        headers: this.#headers(call),
        ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
        ...(signal !== undefined && { signal }),
      });
    } catch (error) {
      throw this.#asUnreachable(error);
    }
  }

  /** A path as a whole address. */
  address(path: string): string {
    return `${this.#baseUrl}${path}`;
  }

  #url({ path, query = {} }: Call): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) search.set(name, String(value));
    return `${this.#baseUrl}${path}${search.size === 0 ? '' : `?${search}`}`;
  }

  #headers(call: Call): Record<string, string> {
    return {
      ...(this.#key !== undefined && { authorization: `Bearer ${this.#key}` }),
      ...(call.body !== undefined && { 'content-type': 'application/json' }),
      ...call.headers,
    };
  }

  #asUnreachable(error: unknown): BatutaError {
    if (BatutaError.is(error)) return error;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new BatutaError('server-unreachable', { url: this.#baseUrl, reason }, { cause: error });
  }
}

/** Where a WebSocket is opened, and with which headers. */
export interface SocketTarget {
  url: string;
  headers: Readonly<Record<string, string>>;
}

type Outcome<T> = { value: T } | { error: BatutaError; isTransient: boolean; delayMs: number | undefined };

/** Whether an answer with this status may become a good one by itself. */
export function isTransientStatus(status: number): boolean {
  return status === 408 || status === 429 || status === 502 || status === 503 || status === 504;
}

function sleepReally(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
