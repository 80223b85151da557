import { BatutaError } from '@batuta/contract';
import {
  addressesOf,
  findForbidden,
  type Resolve,
  type ResolvedAddress,
} from '../pinned-http/resolve-host.ts';

/** What may be fetched. */
export interface FetchLimits {
  timeoutSeconds: number;
  /** Of the page as it is after unpacking. */
  maxBytes: number;
  maxRedirects: number;
  ports: readonly string[];
  /** Hosts, or host:port, whose address need not be public. */
  allowPrivate: readonly string[];
}

/**
 * The addresses that may be connected to for a URL. A name is resolved once and *all* its addresses must be public: the
 * connection is then made to these and to nothing else, so a name that answers differently later gains nothing.
 */
export async function admit(url: URL, limits: FetchLimits, resolve: Resolve): Promise<ResolvedAddress[]> {
  const fault = faultOf(url);
  if (fault !== undefined) throw failed(fault);
  const trusted = limits.allowPrivate.includes(url.hostname) || limits.allowPrivate.includes(url.host);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (!trusted && !limits.ports.includes(port)) {
    throw failed(`port ${port} may not be fetched from; allowed are ${limits.ports.join(', ')}`);
  }
  const addresses = await resolved(url, resolve);
  const forbidden = trusted ? undefined : findForbidden(url, addresses);
  if (forbidden !== undefined) throw new BatutaError('address-forbidden', { address: forbidden });
  return addresses;
}

/** The error of a fetch that cannot be done. */
export function failed(reason: string, cause?: unknown): BatutaError<'tool-failed'> {
  return new BatutaError('tool-failed', { tool: 'http_fetch', reason }, { cause });
}

function faultOf(url: URL): string | undefined {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return `only http and https addresses can be fetched, not ${url.protocol.slice(0, 32)}`;
  }
  return url.username === '' && url.password === ''
    ? undefined
    : 'addresses with a user name or password are not fetched';
}

async function resolved(url: URL, resolve: Resolve): Promise<ResolvedAddress[]> {
  const addresses = await addressesOf(url, resolve).catch((error: unknown) => {
    throw failed(`the host ${url.hostname} was not found`, error);
  });
  if (addresses.length === 0) throw failed(`the host ${url.hostname} has no address`);
  return addresses;
}
