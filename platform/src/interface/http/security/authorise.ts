import { BatutaError } from '@batuta/contract';
import type { Identity, Scope } from '../../../application/access/identity.ts';
import type { Exchange } from '../exchange.ts';
import { checkOrigin } from './check-origin.ts';
import { countRequest } from './count-request.ts';
import { readLoginCookie } from './login-cookie.ts';

/** A scope, or `any`: everybody who can enter may. */
export type NeededScope = Scope | 'any';

/** What an endpoint asks of whoever uses it. */
interface Demand {
  scope: NeededScope;
  isCounted: boolean;
  /** True: the cookie of a browser does not count. */
  isBearerOnly?: boolean;
}

/** Who asks, from a Bearer key or the login cookie, if they have the scope and their limits allow another request. */
export async function authorise(
  exchange: Exchange,
  { scope, isCounted, isBearerOnly = false }: Demand,
): Promise<Identity> {
  const { address } = exchange;
  const { credential, find } = presented(exchange, isBearerOnly);
  const known = await exchange.door.application.limits.watch({ address, credential }, find);
  const identity = { ...known, address };
  exchange.note.identity = identity;
  if (isCounted) await countRequest(exchange, identity);
  if (scope === 'any' || identity.scopes.has(scope)) return identity;
  throw new BatutaError('permission-missing', { scope });
}

/** What somebody comes with, and the way to find out whose it is. */
function presented(
  exchange: Exchange,
  isBearerOnly: boolean,
): { credential: string | undefined; find: () => Promise<Identity> } {
  const { access } = exchange.door.application;
  const bearer = readBearer(exchange);
  if (bearer !== undefined) return { credential: bearer, find: () => access.authenticate(bearer) };
  const token = isBearerOnly ? undefined : readLoginCookie(exchange);
  if (token === undefined) return { credential: undefined, find: () => access.authenticate(undefined) };
  requireOwnPage(exchange);
  return { credential: token, find: () => access.authenticateBrowser(token) };
}

function readBearer({ context }: Exchange): string | undefined {
  const header = context.req.header('authorization');
  return header === undefined ? undefined : (/^bearer +(\S+)$/i.exec(header)?.[1] ?? '');
}

/**
 * A browser sends the cookie by itself, so it counts only where our own page asked: reads must not come from another
 * origin, writes and WebSockets must name ours. SameSite alone would let in pages of another port of the same host.
 */
export function requireOwnPage({ context, door }: Exchange): void {
  const origin = context.req.header('origin');
  const site = context.req.header('sec-fetch-site') ?? 'same-origin';
  const isRead = context.req.method === 'GET' || context.req.method === 'HEAD';
  const isWrite = !isRead || context.env?.upgrade !== undefined;
  const isOurs = checkOrigin(origin, context.req.header('host'), { ...door.settings, allowedOrigins: [] });
  if ((isWrite && isOurs !== 'same') || (site !== 'same-origin' && site !== 'none')) {
    throw new BatutaError('origin-not-allowed', { origin: origin ?? 'none' });
  }
}
