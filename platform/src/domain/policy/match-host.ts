import ipaddr from 'ipaddr.js';
import type { HostAddress } from '../../port/tool.ts';
import type { Certainty } from './call-facts.ts';
import { anyOf, sure } from './certainty.ts';

/** Where an argument leads. */
export interface WrittenHost {
  /** As URLs write it: lower case, Punycode, IPv6 without brackets, no dot at the end. */
  name: string;
  /** With the usual one of its protocol filled in. */
  port: string;
}

/** One pattern of a rule. */
type HostPattern =
  | { kind: 'public' | 'private' }
  | { kind: 'network'; network: [ipaddr.IPv4 | ipaddr.IPv6, number] }
  | { kind: 'name'; name: string; covers: 'itself' | 'below'; port: string | null };

/** How the hosts of a rule are compared. `addresses`: null when they could not be found out, undefined when nobody asked. */
export type HostTest = (host: WrittenHost, addresses: readonly HostAddress[] | null | undefined) => Certainty;

const usualPorts: Readonly<Record<string, string>> = {
  'http:': '80',
  'ws:': '80',
  'https:': '443',
  'wss:': '443',
  'ftp:': '21',
};

/**
 * The host of a whole address, or of `host` or `host:port` alone; undefined where programs may read it differently: a user name,
 * a backslash, blanks, control characters, a protocol without a host.
 */
export function writtenHost(text: string): WrittenHost | undefined {
  if (text.length > 8192 || /[\s\\\p{Cc}\p{Cf}]/u.test(text)) return undefined;
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  if (!isAddress && /[/?#@]/.test(text)) return undefined;
  const url = URL.parse(isAddress ? text : `https://${text}`);
  return url === null ? undefined : hostOf(url);
}

/** The host of an address that was taken apart already. */
export function hostOf(url: URL): WrittenHost | undefined {
  const name = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const usual = usualPorts[url.protocol];
  if (name === '' || url.username !== '' || url.password !== '' || usual === undefined) return undefined;
  return { name, port: url.port || usual };
}

/** What is wrong with a host pattern of a rule; undefined when nothing is. */
export function faultOfHostPattern(pattern: string): string | undefined {
  return parsePattern(pattern) === undefined
    ? `"${pattern}" is no host pattern: write example.com, *.example.com, host:port, an address, a network such as 10.0.0.0/8, public or private`
    : undefined;
}

/** Whether the patterns can be compared without asking for addresses. */
export function needsAddresses(patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const parsed = parsePattern(pattern);
    return parsed !== undefined && (parsed.kind !== 'name' || parsed.covers === 'below');
  });
}

/**
 * Compares hosts. A name covers itself whatever its address. `*.example.com` allows only names that lead to the public internet; networks
 * and `public` allow only when all addresses of a name fit. Rules that restrict hold when one address fits.
 */
export function compileHosts(patterns: readonly string[], restricts: boolean): HostTest {
  const parsed = patterns.flatMap((pattern) => parsePattern(pattern) ?? []);
  return (host, addresses) =>
    anyOf(parsed.map((pattern) => compare(pattern, { host, addresses, restricts })));
}

interface Comparison {
  host: WrittenHost;
  addresses: readonly HostAddress[] | null | undefined;
  restricts: boolean;
}

function compare(pattern: HostPattern, comparison: Comparison): Certainty {
  if (pattern.kind === 'name') return compareName(pattern, comparison);
  if (pattern.kind === 'network')
    return compareAddresses(comparison, (each) => isIn(each.address, pattern.network));
  return compareAddresses(comparison, ({ isPublic }) => isPublic === (pattern.kind === 'public'));
}

function compareName(pattern: Extract<HostPattern, { kind: 'name' }>, comparison: Comparison): Certainty {
  const { host, restricts } = comparison;
  if (pattern.port !== null && pattern.port !== host.port) return 'no';
  if (pattern.covers === 'itself') return sure(host.name === pattern.name);
  if (!host.name.endsWith(`.${pattern.name}`)) return 'no';
  return restricts ? 'yes' : compareAddresses(comparison, ({ isPublic }) => isPublic);
}

function compareAddresses(
  { addresses, restricts }: Comparison,
  fits: (address: HostAddress) => boolean,
): Certainty {
  if (addresses === null || addresses === undefined || addresses.length === 0) return 'unclear';
  return sure(restricts ? addresses.some(fits) : addresses.every(fits));
}

function isIn(address: string, [network, bits]: [ipaddr.IPv4 | ipaddr.IPv6, number]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4 && network instanceof ipaddr.IPv4) return parsed.match(network, bits);
  return parsed instanceof ipaddr.IPv6 && network instanceof ipaddr.IPv6 && parsed.match(network, bits);
}

function parsePattern(pattern: string): HostPattern | undefined {
  if (pattern === 'public' || pattern === 'private') return { kind: pattern };
  const network = parseNetwork(pattern);
  return network ? { kind: 'network', network } : parseName(pattern);
}

function parseName(pattern: string): HostPattern | undefined {
  const below = pattern.startsWith('*.');
  const written = below ? pattern.slice(2) : pattern;
  const host = written.includes('://') || written.includes('*') ? undefined : writtenHost(written);
  if (host === undefined) return undefined;
  const port = /^(?:[^:]+|\[[^\]]+\]):(\d+)$/.exec(written)?.[1] ?? null;
  return { kind: 'name', name: host.name, covers: below ? 'below' : 'itself', port };
}

function parseNetwork(pattern: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  if (ipaddr.isValidCIDR(pattern)) return ipaddr.parseCIDR(pattern);
  if (!ipaddr.IPv4.isValidFourPartDecimal(pattern) && !ipaddr.IPv6.isValid(pattern)) return undefined;
  const address = ipaddr.parse(pattern);
  return [address, address instanceof ipaddr.IPv4 ? 32 : 128];
}
