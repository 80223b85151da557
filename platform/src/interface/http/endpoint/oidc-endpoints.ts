import { BatutaError } from '@batuta/contract';
import { z } from 'zod';
import { answerEmpty } from '../answer.ts';
import { definePage, type Endpoint } from '../endpoint.ts';
import type { Exchange } from '../exchange.ts';
import { escapeHtml, answerPage, makePage } from '../page/page.ts';
import { addressOf, readCookie, writeCookie, writeLoginCookie } from '../security/login-cookie.ts';

/** The way to the identity provider and back. The cookie must come along when another site sends the browser back, so it is Lax. */
const names = { http: 'batuta_login', https: '__Host-batuta_login' };
const flowSeconds = 600;
const callbackPath = '/login/oidc/callback';

const keptSchema = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
});

const begin = definePage(
  { path: '/login/oidc', summary: 'Sign a browser in at the identity provider.', recorded: 'security' },
  async (exchange) => {
    const { door, context } = exchange;
    if (context.req.method === 'HEAD') return answerEmpty(exchange, 200);
    const returnTo = ownPath(context.req.query('return_to'));
    const { address, flow } = await door.application.access.beginLogin(
      `${addressOf(exchange)}${callbackPath}`,
    );
    const value = Buffer.from(JSON.stringify({ ...flow, returnTo })).toString('base64url');
    const cookie = writeCookie(exchange, names, { value, seconds: flowSeconds, sameSite: 'Lax' });
    return answerEmpty(exchange, 303, { location: address, 'set-cookie': cookie });
  },
);

/**
 * The browser is back. What it keeps is used up, whatever comes of it. It is sent on by a page and not by a redirect: of a chain of redirects
 * that another site began, browsers keep cookies that are Strict away.
 */
const finish = definePage(
  {
    path: callbackPath,
    summary: 'Where the identity provider sends the browser back to.',
    recorded: 'security',
  },
  async (exchange) => {
    const { door, context } = exchange;
    if (context.req.method === 'HEAD') return answerEmpty(exchange, 200);
    const { returnTo, ...flow } = readFlow(exchange);
    const returned = new URL(context.req.url);
    const address = new URL(`${addressOf(exchange)}${callbackPath}${returned.search}`);
    const signedIn = await door.application.access.finishLogin(address, { flow, address: exchange.address });
    const seconds = Math.max(0, Math.floor((signedIn.endsAt - door.clock.now()) / 1000));
    const answer = answerPage(exchange, signedInPage(returnTo));
    answer.headers.append(
      'set-cookie',
      writeCookie(exchange, names, { value: '', seconds: 0, sameSite: 'Lax' }),
    );
    answer.headers.append('set-cookie', writeLoginCookie(exchange, signedIn.token, seconds));
    return answer;
  },
);

/** What this browser was sent away with. Errors: `login-failed`. */
function readFlow(exchange: Exchange): z.infer<typeof keptSchema> {
  const kept = readCookie(exchange, names);
  if (kept === undefined) throw lost('this browser did not begin it, or too long ago');
  try {
    return keptSchema.parse(JSON.parse(Buffer.from(kept, 'base64url').toString()));
  } catch {
    throw lost('what this browser kept cannot be read');
  }
}

function lost(reason: string): BatutaError<'login-failed'> {
  return new BatutaError('login-failed', { reason });
}

/** A path of this server and of no other: `//host` and `/\host` are other servers to a browser. */
function ownPath(wanted: string | undefined): string {
  const isOwn =
    wanted !== undefined && /^\/(?![/\\])[\x21-\x7e]{0,1000}$/.test(wanted) && !wanted.includes('\\');
  return isOwn ? wanted : '/';
}

function signedInPage(returnTo: string) {
  const path = escapeHtml(ownPath(returnTo));
  const { html, policy } = makePage('Signed in', `<h1>Signed in</h1><p><a href="${path}">Go on</a></p>`);
  return {
    html: html.replace('<head>', `<head><meta http-equiv="refresh" content="0;url=${path}">`),
    policy,
  };
}

export const oidcEndpoints: readonly Endpoint[] = [begin, finish];
