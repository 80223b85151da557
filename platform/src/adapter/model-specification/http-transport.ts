import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { checkLines } from './check-lines.ts';
import { createDeltaMerger } from './merge-deltas.ts';
import { StreamPace } from './pace.ts';

/** The function that provider packages send their requests with. */
export type Fetch = typeof globalThis.fetch;

const transportLimits = {
  /** Connections to one host at a time; further requests wait for one. */
  connections: 512,
  /** The caller's own time limits are shorter; these only end what nobody waits for. */
  headersTimeout: 3_600_000,
  bodyTimeout: 3_600_000,
  connect: { timeout: 10_000 },
};

/**
 * A `fetch` for model calls. Undici's `request` over a keep-alive pool costs half of what the global `fetch` does, and
 * deltas that arrive together are merged (see `merge-deltas.ts`). Redirects are not followed: a key goes only to the address
 * that was configured. Undici is imported with the first call.
 */
export function createTransport(options: { useProxy: boolean }): Fetch {
  const pace = new StreamPace();
  let loading: Promise<(url: string, init: SentRequest) => Promise<Dispatcher.ResponseData>> | undefined;
  return async (input, init) => {
    const sent = readRequest(init);
    if (sent === undefined) return fetch(input, init);
    loading ??= loadRequest(options.useProxy);
    const send = await loading;
    const url = input instanceof Request ? input.url : String(input);
    return toResponse(await send(url, sent), pace);
  };
}

interface SentRequest {
  method: 'POST';
  headers: Record<string, string>;
  body: string;
  signal: AbortSignal | null;
}

/** Model calls are posts of a text; anything else goes the ordinary way. */
function readRequest(init: RequestInit | undefined): SentRequest | undefined {
  if (init?.method !== 'POST' || typeof init.body !== 'string') return undefined;
  const headers = Object.fromEntries(
    init.headers === undefined || init.headers instanceof Headers
      ? new Headers(init.headers)
      : Object.entries(init.headers),
  );
  return { method: 'POST', headers, body: init.body, signal: init.signal ?? null };
}

async function loadRequest(useProxy: boolean) {
  const { Agent, EnvHttpProxyAgent, request } = await import('undici');
  const dispatcher = useProxy ? new EnvHttpProxyAgent(transportLimits) : new Agent(transportLimits);
  return (url: string, init: SentRequest) => request(url, { ...init, dispatcher });
}

function toResponse({ statusCode, headers, body }: Dispatcher.ResponseData, pace: StreamPace): Response {
  const fields = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) fields.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const chunks = readChunks(body, fields.get('content-type') ?? '', pace);
  const bodyless = statusCode === 204 || statusCode === 205 || statusCode === 304;
  return new Response(bodyless ? null : toStream(body, chunks), { status: statusCode, headers: fields });
}

function readChunks(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
  pace: StreamPace,
): AsyncIterable<Uint8Array> {
  if (contentType.includes('text/event-stream')) return mergeChunks(pace.read(body));
  return contentType.includes('ndjson') ? checkLines(body) : body;
}

/** Reads on demand, so that what arrives while the reader is busy comes as one chunk. */
function toStream(body: Readable, iterable: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const chunks = iterable[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      cancel() {
        body.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}

async function* mergeChunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  const merger = createDeltaMerger();
  for await (const chunk of chunks) {
    const merged = merger.push(chunk);
    if (merged.length > 0) yield merged;
  }
  const left = merger.end();
  if (left.length > 0) yield left;
}
