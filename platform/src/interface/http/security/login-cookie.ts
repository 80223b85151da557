import type { HttpSettings } from '../http-settings.ts';

const cookieName = 'batuta_key';
const pattern = new RegExp(`(?:^|;\\s*)${cookieName}=([^;]*)`);

/** The key in a Cookie header. */
export function readLoginCookie(header: string | undefined): string | undefined {
  return header === undefined ? undefined : pattern.exec(header)?.[1];
}

/** Writes the Set-Cookie header: scripts cannot read it, and other sites' pages cannot make a browser send it. */
export function writeLoginCookie(key: string, seconds: number, settings: HttpSettings): string {
  const secure = settings.secureCookies ? '; Secure' : '';
  return `${cookieName}=${key}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}
