import type { EgressOptions } from '../../port/egress-proxy.ts';
import { isPublicAddress } from '../pinned-http/public-address.ts';
import {
  addressesOf,
  findForbidden,
  type Resolve,
  type ResolvedAddress,
} from '../pinned-http/resolve-host.ts';

/** What holds for every opening. */
export interface EgressLimits {
  /** Ports that may be connected to. */
  ports: readonly string[];
  /** Hosts, or host:port, whose address need not be public and whose port may be any. */
  allowPrivate: readonly string[];
  connectSeconds: number;
  /** Seconds without a byte after which a connection is ended. */
  idleSeconds: number;
  /** Connections of one opening at a time. */
  maxConnections: number;
}

/** A connection that may be made: to these addresses and to no others. */
export interface AdmittedTarget {
  url: URL;
  port: number;
  addresses: readonly ResolvedAddress[];
}

/** Why a connection is not made; the words are shown to whoever asked. */
export class RefusedTarget {
  readonly target: string;
  readonly reason: string;

  constructor(target: string, reason: string) {
    this.target = target;
    this.reason = reason;
  }
}

/** The address that a CONNECT names; undefined for what is none. A URL makes one form of every way to write an IP address. */
export function targetOf(authority: string, protocol: 'http:' | 'https:'): URL | undefined {
  if (authority.length > 300 || /[\s/\\?#@]/.test(authority)) return undefined;
  const url = URL.parse(`${protocol}//${authority}`);
  return url === null || url.hostname === '' ? undefined : url;
}

/** What a target is judged by. */
interface Judged {
  options: EgressOptions;
  limits: EgressLimits;
  resolve: Resolve;
}

/** Checks a target: host, port, rules, and every address that its name stands for. */
export async function admitTarget(url: URL, judged: Judged): Promise<AdmittedTarget | RefusedTarget> {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const target = `${url.hostname}:${port}`;
  const { allowPrivate } = judged.limits;
  const trusted = allowPrivate.includes(url.hostname) || allowPrivate.includes(target);
  const fault = faultOf(url, port, { ...judged, trusted });
  if (fault !== undefined) return new RefusedTarget(target, fault);
  const addresses = await addressesOf(url, judged.resolve).catch(() => []);
  const later = faultOfAddresses(url, addresses, { ...judged, trusted });
  if (later !== undefined) return new RefusedTarget(target, later);
  return { url, port: Number(port), addresses };
}

function faultOf(url: URL, port: string, { options, limits, trusted }: Judged & { trusted: boolean }) {
  if (!trusted && !limits.ports.includes(port)) return `port ${port} is not open`;
  if (!isAllowed(url.hostname, port, options.allowedHosts)) {
    return 'the host is not one of those that are allowed';
  }
  return denialOf(options, url);
}

function faultOfAddresses(
  url: URL,
  addresses: readonly ResolvedAddress[],
  { options, trusted }: Judged & { trusted: boolean },
): string | undefined {
  if (addresses.length === 0) return 'the host was not found';
  const forbidden = trusted ? undefined : findForbidden(url, addresses);
  if (forbidden !== undefined) return `its address ${forbidden} is not public`;
  const known = addresses.map(({ address }) => ({ address, isPublic: isPublicAddress(address) }));
  return denialOf(options, url, known);
}

function denialOf({ mayReach }: EgressOptions, ...asked: Parameters<NonNullable<EgressOptions['mayReach']>>) {
  try {
    mayReach?.(...asked);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** `localhost.` and `localhost` are one name. */
function isAllowed(hostname: string, port: string, allowed: readonly string[] | undefined): boolean {
  if (allowed === undefined) return true;
  const name = hostname.replace(/\.$/, '');
  return allowed.some((pattern) => {
    const [, host = pattern, only] = /^(.+?)(?::(\d+))?$/.exec(pattern.toLowerCase()) ?? [];
    if (only !== undefined && only !== port) return false;
    return host.startsWith('*.') ? name.endsWith(host.slice(1)) : name === host;
  });
}
