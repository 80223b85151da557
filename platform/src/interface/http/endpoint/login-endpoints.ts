import { answerEmpty } from '../answer.ts';
import { definePage, type Endpoint } from '../endpoint.ts';
import type { Exchange } from '../exchange.ts';
import { answerPage, escapeHtml, makePage } from '../page/page.ts';
import { requireOwnPage } from '../security/authorise.ts';
import { addressOf, readLoginCookie, writeLoginCookie } from '../security/login-cookie.ts';

/** Exchanges the one-time token of the login link. A HEAD request (a preview of the link) must not use it up. */
const login = definePage(
  { path: '/login', summary: 'Sign a browser in.', recorded: 'security' },
  async (exchange) => {
    const { context, door } = exchange;
    if (context.req.method === 'HEAD') return answerEmpty(exchange, 200);
    const token = context.req.query('token') ?? '';
    const attempt = { address: exchange.address, credential: token === '' ? undefined : token };
    const signedIn = await door.application.limits.watch(attempt, () =>
      door.application.access.exchangeLogin(token),
    );
    const seconds = Math.max(0, Math.floor((signedIn.endsAt - door.clock.now()) / 1000));
    return answerEmpty(exchange, 303, {
      location: '/',
      'set-cookie': writeLoginCookie(exchange, signedIn.token, seconds),
    });
  },
);

/** Ends the browser's session, and its cookie with it. Only our own page may do it: another must not sign people out. */
const logout = definePage(
  { method: 'POST', path: '/logout', summary: 'Sign a browser out.', recorded: 'security' },
  async (exchange) => {
    requireOwnPage(exchange);
    const token = readLoginCookie(exchange);
    const { access } = exchange.door.application;
    const address = token === undefined ? null : await access.signOut(token, `${addressOf(exchange)}/`);
    if (address !== null) return leave(exchange, address);
    return answerEmpty(exchange, 303, { location: '/', 'set-cookie': writeLoginCookie(exchange, '', 0) });
  },
);

/** By a page and not by a redirect: what a form leads to must stay on this server, and browsers hold redirects to that, too. */
function leave(exchange: Exchange, address: string): Response {
  const { html, policy } = makePage(
    'Signed out',
    `<h1>Signed out</h1><p><a href="${escapeHtml(address)}">Go on</a></p>`,
  );
  const refresh = `<head><meta http-equiv="refresh" content="0;url=${escapeHtml(address)}">`;
  const answer = answerPage(exchange, { html: html.replace('<head>', refresh), policy });
  // The address holds the ID token.
  answer.headers.set('cache-control', 'no-store');
  answer.headers.append('set-cookie', writeLoginCookie(exchange, '', 0));
  return answer;
}

export const loginEndpoints: readonly Endpoint[] = [login, logout];
