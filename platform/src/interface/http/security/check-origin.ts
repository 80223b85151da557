import { BatutaError } from '@batuta/contract';
import type { HttpSettings } from '../http-settings.ts';

/** Where a request comes from: nowhere (no web page), a page of this server, or one that the configuration allows. */
export type OriginKind = 'none' | 'same' | 'allowed';

/** Refuses requests of web pages that are neither ours nor allowed. Browsers do not let a page forge its Origin. */
export function checkOrigin(
  origin: string | undefined,
  host: string | undefined,
  settings: HttpSettings,
): OriginKind {
  if (origin === undefined) return 'none';
  if (isSameOrigin(origin, host)) return 'same';
  if (settings.allowedOrigins.includes(origin)) return 'allowed';
  throw new BatutaError('origin-not-allowed', { origin: origin.slice(0, 256) });
}

/** The scheme is left out: behind a proxy that ends TLS this server does not know its own. */
function isSameOrigin(origin: string, host: string | undefined): boolean {
  return host !== undefined && /^https?:\/\//.test(origin) && origin.replace(/^https?:\/\//, '') === host;
}

/** CORS headers of an answer to an allowed origin. Cookies are never allowed across origins: such pages send a key. */
export function crossOriginHeaders(origin: string): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers':
      'location, retry-after, mcp-session-id, www-authenticate, ratelimit, ratelimit-policy, ratelimit-limit, ratelimit-remaining, ratelimit-reset',
    vary: 'Origin',
  };
}

/** Further headers of the answer to a CORS preflight. */
export const preflightHeaders: Readonly<Record<string, string>> = {
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers':
    'authorization, content-type, idempotency-key, last-event-id, mcp-session-id, mcp-protocol-version, mcp-method, mcp-name',
  'access-control-max-age': '600',
};
