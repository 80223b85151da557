import { BatutaError } from '@batuta/contract';
import { addressesOf, findForbidden, resolveByDns, type Resolve } from './resolve-host.ts';

export interface PinnedFetchOptions {
  /** Hosts, or host:port, that may have private addresses and be without TLS: those that people have written down. */
  trusted: readonly string[];
  mostBytes: number;
  timeoutMs: number;
  resolve?: Resolve;
}

type Fetch = (input: string | URL, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` for addresses that somebody else names: public ones only, over TLS, resolved once and connected to nothing else, without redirects,
 * bounded in time and size. Errors: `address-forbidden`, those of the connection.
 */
export function makePinnedFetch({
  trusted,
  mostBytes,
  timeoutMs,
  resolve = resolveByDns,
}: PinnedFetchOptions): Fetch {
  return async (input, init = {}) => {
    const url = new URL(input);
    const isTrusted = [url.hostname, url.host].some((name) => trusted.includes(name));
    if (!isTrusted && url.protocol !== 'https:')
      throw new BatutaError('address-forbidden', { address: url.origin });
    const addresses = await addressesOf(url, resolve);
    const forbidden = isTrusted ? undefined : findForbidden(url, addresses);
    if (forbidden !== undefined) throw new BatutaError('address-forbidden', { address: forbidden });
    const { connectOnlyTo } = await import('./connect-only-to.ts');
    const { request } = await import('undici');
    const dispatcher = connectOnlyTo(addresses);
    try {
      const answer = await request(url, {
        method: init.method === 'POST' ? 'POST' : 'GET',
        headers: Object.fromEntries(new Headers(init.headers)),
        body: bodyOf(init),
        signal: AbortSignal.timeout(timeoutMs),
        dispatcher,
      });
      const body = await readBounded(answer.body, mostBytes);
      return new Response(isEmptyStatus(answer.statusCode) ? null : body, {
        status: answer.statusCode,
        headers: headersOf(answer.headers),
      });
    } finally {
      await dispatcher.destroy();
    }
  };
}

function bodyOf({ body }: RequestInit): string | null {
  if (typeof body === 'string') return body;
  return body instanceof URLSearchParams ? body.toString() : null;
}

function isEmptyStatus(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

async function readBounded(body: AsyncIterable<Buffer>, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > most) throw new BatutaError('authorization-failed', { reason: 'an answer was too long' });
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

function headersOf(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const copied = new Headers();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) copied.set(name, Array.isArray(value) ? value.join(', ') : value);
  return copied;
}
