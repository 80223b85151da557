import { BatutaError } from '@batuta/contract';
import type { Identity, Scope } from '../../../application/access/identity.ts';
import type { Exchange } from '../exchange.ts';
import { checkOrigin } from './check-origin.ts';
import { countRequest } from './count-request.ts';
import { readLoginCookie } from './login-cookie.ts';

/** What an endpoint asks of whoever uses it. */
interface Demand {
  scope: Scope;
  isCounted: boolean;
}

/** Who asks, from a Bearer key or the login cookie, if that key has the scope and its limits allow another request. */
export async function authorise(exchange: Exchange, { scope, isCounted }: Demand): Promise<Identity> {
  const { application } = exchange.door;
  const { address } = exchange;
  const key = readBearer(exchange) ?? readCookie(exchange);
  const known = await application.limits.watch({ address, credential: key }, () =>
    application.access.authenticate(key),
  );
  const identity = { ...known, address };
  exchange.note.identity = identity;
  if (isCounted) await countRequest(exchange, identity);
  if (identity.scopes.has(scope)) return identity;
  throw new BatutaError('permission-missing', { scope });
}

function readBearer({ context }: Exchange): string | undefined {
  const header = context.req.header('authorization');
  return header === undefined ? undefined : (/^bearer +(\S+)$/i.exec(header)?.[1] ?? '');
}

/**
 * A browser sends the cookie by itself, so it counts only where our own page asked: reads must not come from another
 * origin, writes must name ours. SameSite alone would let in pages of another port of the same host.
 */
function readCookie({ context, door }: Exchange): string | undefined {
  const key = readLoginCookie(context.req.header('cookie'));
  if (key === undefined) return undefined;
  const origin = context.req.header('origin');
  const site = context.req.header('sec-fetch-site') ?? 'same-origin';
  const isWrite = context.req.method !== 'GET' && context.req.method !== 'HEAD';
  const isOurs = checkOrigin(origin, context.req.header('host'), { ...door.settings, allowedOrigins: [] });
  if ((isWrite && isOurs !== 'same') || (site !== 'same-origin' && site !== 'none')) {
    throw new BatutaError('origin-not-allowed', { origin: origin ?? 'none' });
  }
  return key;
}
