import { lookup } from 'node:dns/promises';
import { isPublicAddress } from './public-address.ts';

/** An address that a name stands for. */
export interface ResolvedAddress {
  address: string;
  family: 4 | 6;
}

/** Finds the addresses of a host name. */
export type Resolve = (hostname: string) => Promise<ResolvedAddress[]>;

/** The addresses of a name as the operating system finds them. */
export const resolveByDns: Resolve = async (hostname) => {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
};

/**
 * All addresses of a URL's host, resolved once: the connection is then made to these and to nothing else, so a name that answers
 * differently later gains nothing. Rejects with the resolver's error.
 */
export async function addressesOf(url: URL, resolve: Resolve): Promise<ResolvedAddress[]> {
  const literal = literalOf(url.hostname);
  return literal === undefined ? await resolve(url.hostname) : [literal];
}

/** The first address that is not public, as it is told to people; undefined when *all* are public. */
export function findForbidden(url: URL, addresses: readonly ResolvedAddress[]): string | undefined {
  const forbidden = addresses.find(({ address }) => !isPublicAddress(address));
  return forbidden && shown(url, forbidden.address);
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
