import { BatutaError } from '@batuta/contract';
import { isPublicAddress } from './public-address.ts';

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

/** An address that a name stands for. */
export interface ResolvedAddress {
  address: string;
  family: 4 | 6;
}

/** Finds the addresses of a host name. */
export type Resolve = (hostname: string) => Promise<ResolvedAddress[]>;

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
  const addresses = await addressesOf(url, resolve);
  const forbidden = trusted ? undefined : addresses.find(({ address }) => !isPublicAddress(address));
  if (forbidden !== undefined)
    throw new BatutaError('address-forbidden', { address: shown(url, forbidden.address) });
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

async function addressesOf(url: URL, resolve: Resolve): Promise<ResolvedAddress[]> {
  const literal = literalOf(url.hostname);
  if (literal !== undefined) return [literal];
  const addresses = await resolve(url.hostname).catch((error: unknown) => {
    throw failed(`the host ${url.hostname} was not found`, error);
  });
  if (addresses.length === 0) throw failed(`the host ${url.hostname} has no address`);
  return addresses;
}

/** A URL writes every form of an IPv4 address (octal, hexadecimal, one number) as four decimal numbers, and IPv6 in brackets. */
function literalOf(hostname: string): ResolvedAddress | undefined {
  if (hostname.startsWith('[')) return { address: hostname.slice(1, -1), family: 6 };
  return /^\d+\.\d+\.\d+\.\d+$/.test(hostname) ? { address: hostname, family: 4 } : undefined;
}

function shown(url: URL, address: string): string {
  return url.hostname === address || url.hostname === `[${address}]`
    ? address
    : `${address} (of ${url.hostname})`;
}
