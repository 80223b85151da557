import type { Exchange } from '../exchange.ts';

/** With https a name that no other host, nor a page without https, can make a browser set. */
const names = { http: 'batuta_session', https: '__Host-batuta_session' };

/** What the browser keeps since it was signed in. */
export function readLoginCookie(exchange: Exchange): string | undefined {
  return readCookie(exchange, names);
}

/** Writes the Set-Cookie header: scripts cannot read it, and other sites' pages cannot make a browser send it. */
export function writeLoginCookie(exchange: Exchange, token: string, seconds: number): string {
  return writeCookie(exchange, names, { value: token, seconds, sameSite: 'Strict' });
}

/** Names of a cookie without and with https. */
export interface CookieNames {
  http: string;
  https: string;
}

/** The value of a cookie; only the one that this scheme sets counts. */
export function readCookie(exchange: Exchange, { http, https }: CookieNames): string | undefined {
  const header = exchange.context.req.header('cookie');
  if (header === undefined) return undefined;
  const name = isHttps(exchange) ? https : http;
  for (const pair of header.split(';')) {
    const [key, ...value] = pair.trim().split('=');
    if (key === name) return value.join('=');
  }
  return undefined;
}

/** A Set-Cookie header; 0 seconds removes the cookie. */
export function writeCookie(
  exchange: Exchange,
  { http, https }: CookieNames,
  cookie: { value: string; seconds: number; sameSite: 'Strict' | 'Lax' },
): string {
  const isSecure = isHttps(exchange);
  const { value, seconds, sameSite } = cookie;
  const attributes = `Path=/; Max-Age=${seconds}; HttpOnly; SameSite=${sameSite}${isSecure ? '; Secure' : ''}`;
  return `${isSecure ? https : http}=${value}; ${attributes}`;
}

/** Where the browser reached this server. The host was checked before. */
export function addressOf(exchange: Exchange): string {
  const { host } = new URL(exchange.context.req.url);
  return `${isHttps(exchange) ? 'https' : 'http'}://${exchange.context.req.header('host') ?? host}`;
}

/** Behind a proxy that ends TLS the request itself is plain. Who forges the header harms nobody but their own login. */
function isHttps({ context }: Exchange): boolean {
  const forwarded = context.req.header('x-forwarded-proto')?.split(',')[0]?.trim();
  return (forwarded ?? new URL(context.req.url).protocol.slice(0, -1)) === 'https';
}
