import { isIP } from 'node:net';
import { BatutaError } from '@batuta/contract';
import type { HttpSettings } from '../http-settings.ts';

/**
 * Refuses names that this platform is not known by: a web page whose name was pointed at this machine after it was loaded
 * (DNS rebinding) would otherwise be of the "same origin". The port does not matter for that, and port mappings change it,
 * so it is compared only where `allowedHosts` names one. Addresses cannot be rebound: they are let in where the server
 * listens on all of them.
 */
export function checkHost(header: string | undefined, settings: HttpSettings): void {
  const host = (header ?? '').toLowerCase();
  const name = host.replace(/:\d{1,5}$/, '');
  if (name !== '' && isAllowed(name, host, settings)) return;
  throw new BatutaError('host-not-allowed', { host: host.slice(0, 256) });
}

function isAllowed(name: string, host: string, { host: bound, allowedHosts }: HttpSettings): boolean {
  return isLocal(name) || isBound(name, bound) || allowedHosts.some((allowed) => names(allowed, name, host));
}

function isLocal(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || name === '127.0.0.1' || name === '[::1]';
}

function isBound(name: string, bound: string): boolean {
  const address = name.replace(/^\[(.*)\]$/, '$1');
  const isWildcard = bound === '0.0.0.0' || bound === '::';
  return address === bound.toLowerCase() || (isWildcard && isIP(address) !== 0);
}

function names(allowed: string, name: string, host: string): boolean {
  const pattern = allowed.toLowerCase();
  return pattern === '*' || pattern === name || pattern === host;
}
