import { answerEmpty } from '../answer.ts';
import { definePage, type Endpoint } from '../endpoint.ts';
import { writeLoginCookie } from '../security/login-cookie.ts';

/** Exchanges the one-time token of the login link. A HEAD request (a preview of the link) must not use it up. */
const login = definePage(
  { path: '/login', summary: 'Sign a browser in.', recorded: 'security' },
  async (exchange) => {
    const { context, door } = exchange;
    if (context.req.method === 'HEAD') return answerEmpty(exchange, 200);
    const token = context.req.query('token') ?? '';
    const attempt = { address: exchange.address, credential: token === '' ? undefined : token };
    const { key, expiresAt } = await door.application.limits.watch(attempt, () =>
      door.application.access.exchangeLogin(token),
    );
    const seconds = Math.max(0, Math.floor((expiresAt - door.clock.now()) / 1000));
    return answerEmpty(exchange, 303, {
      location: '/',
      'set-cookie': writeLoginCookie(exchange, key, seconds),
    });
  },
);
export const loginEndpoints: readonly Endpoint[] = [login];
