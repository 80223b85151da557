import type { Exchange } from '../exchange.ts';

const cookieName = 'batuta_key';
const pattern = new RegExp(`(?:^|;\\s*)${cookieName}=([^;]*)`);

/** The key in a Cookie header. */
export function readLoginCookie(header: string | undefined): string | undefined {
  return header === undefined ? undefined : pattern.exec(header)?.[1];
}

/** Writes the Set-Cookie header: scripts cannot read it, and other sites' pages cannot make a browser send it. */
export function writeLoginCookie(exchange: Exchange, key: string, seconds: number): string {
  const secure = isHttps(exchange) ? '; Secure' : '';
  return `${cookieName}=${key}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
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
