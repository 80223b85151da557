import type { Dispatcher } from 'undici';
import { Exchange, type SentRequest } from './exchange.ts';
import { isIdleConnectionLost, openDispatcher } from './open-dispatcher.ts';
import { StreamPace } from './pace.ts';

/** The function that provider packages send their requests with. */
export type Fetch = typeof globalThis.fetch;

/**
 * A `fetch` for model calls. Undici's dispatcher over a keep-alive pool costs a fraction of what the global `fetch` does, and
 * deltas that arrive together are merged (see `merge-deltas.ts`). Redirects are not followed: a key goes only to the address
 * that was configured. Undici is imported with the first call.
 */
export function createTransport(options: { useProxy: boolean }): Fetch {
  const pace = new StreamPace();
  const addresses = new Addresses();
  let loading: Promise<Dispatcher> | undefined;
  return async (input, init) => {
    const sent = readRequest(init);
    if (sent === undefined) return fetch(input, init);
    loading ??= openDispatcher(options);
    const dispatcher = await loading;
    const url = input instanceof Request ? input.url : String(input);
    return send(dispatcher, { ...sent, ...addresses.read(url) }, pace);
  };
}

/**
 * A connection may be closed by the other side just when a request is sent over it that had kept it waiting: nobody has read
 * that request then, so it is sent once more, over another connection.
 */
async function send(dispatcher: Dispatcher, request: SentRequest, pace: StreamPace): Promise<Response> {
  try {
    return await exchange(dispatcher, request, pace);
  } catch (error) {
    if (request.signal?.aborted === true || !isIdleConnectionLost(error)) throw error;
    return exchange(dispatcher, request, pace);
  }
}

function exchange(dispatcher: Dispatcher, request: SentRequest, pace: StreamPace): Promise<Response> {
  const { origin, path, headers, body } = request;
  const handler = new Exchange(request, pace);
  dispatcher.dispatch({ origin, path, method: 'POST', headers, body }, handler);
  return handler.answer;
}

/** Model calls are posts of a text; anything else goes the ordinary way. */
function readRequest(
  init: RequestInit | undefined,
): Pick<SentRequest, 'headers' | 'body' | 'signal'> | undefined {
  if (init?.method !== 'POST' || typeof init.body !== 'string') return undefined;
  const headers = Object.fromEntries(
    init.headers === undefined || init.headers instanceof Headers
      ? new Headers(init.headers)
      : Object.entries(init.headers),
  );
  return { headers, body: init.body, signal: init.signal ?? null };
}

const mostAddresses = 256;

/** The parts of addresses: few are used, each many times. */
class Addresses {
  readonly #known = new Map<string, { origin: string; path: string }>();

  read(url: string): { origin: string; path: string } {
    const known = this.#known.get(url);
    if (known !== undefined) return known;
    const { origin, pathname, search } = new URL(url);
    const address = { origin, path: pathname + search };
    if (this.#known.size < mostAddresses) this.#known.set(url, address);
    return address;
  }
}
