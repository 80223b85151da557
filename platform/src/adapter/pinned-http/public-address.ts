import ipaddr from 'ipaddr.js';

/** Addresses that look public and lead to the machine's own cloud: Azure's wire server. */
const innerAddresses: readonly string[] = ['168.63.129.16'];

/** Global unicast, the only part of IPv6 that is routed in public. */
const publicIpv6 = ipaddr.parseCIDR('2000::/3');

/**
 * Whether an IP address is one of the public internet. Everything else is not: loopback, private, link-local (metadata
 * services), carrier-grade NAT, multicast, documentation, reserved; and IPv6 forms that carry an IPv4 address (mapped, NAT64,
 * 6to4, Teredo), because what they reach is decided by somebody else.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || innerAddresses.includes(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(publicIpv6);
}
