import { BlockList, isIP } from 'node:net';

/** Addresses of a header that are looked at; what is further away was put there by the client. */
const mostHops = 32;

/** Tells which addresses are proxies in front of this server, from a list of addresses and networks such as `10.0.0.0/8`. */
export function createProxyList(trusted: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const entry of trusted) {
    const [network = '', bits] = entry.split('/');
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(bits), family);
  }
  if (trusted.length === 0) return () => false;
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * The address of the client. It is that of the connection, unless that is a trusted proxy: then the nearest address in X-Forwarded-For
 * that is none. What stands further away was written by the client and is not believed.
 */
export function clientAddress(
  connection: string | undefined,
  forwardedFor: string | undefined,
  isProxy: (address: string) => boolean,
): string | null {
  let address = plainAddress(connection ?? '');
  if (address === null || forwardedFor === undefined || !isProxy(address)) return address;
  for (const hop of forwardedFor.split(',').slice(-mostHops).toReversed()) {
    const further = plainAddress(withoutPort(hop.trim()));
    if (further === null) return address;
    address = further;
    if (!isProxy(address)) return address;
  }
  return address;
}

/** An IPv4 address that an IPv6 socket shows as `::ffff:192.0.2.1` is one of IPv4. Null: not an address. */
function plainAddress(address: string): string | null {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '');
  return isIP(plain) === 0 ? null : plain;
}

/** Some proxies write `192.0.2.1:4711` and `[2001:db8::1]:4711`. */
function withoutPort(hop: string): string {
  return hop.replace(/^\[(.+)\](?::\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
}
