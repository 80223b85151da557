import { answerEmpty } from '../answer.ts';
import { definePage, type Endpoint } from '../endpoint.ts';
import { requireOwnPage } from '../security/authorise.ts';
import { readLoginCookie, writeLoginCookie } from '../security/login-cookie.ts';

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
    if (token !== undefined) await exchange.door.application.access.signOut(token);
    return answerEmpty(exchange, 303, { location: '/', 'set-cookie': writeLoginCookie(exchange, '', 0) });
  },
);

export const loginEndpoints: readonly Endpoint[] = [login, logout];
