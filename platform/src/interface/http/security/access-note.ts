import type { Identity } from '../../../application/access/identity.ts';
import type { EndpointDescription } from '../endpoint.ts';
import type { Exchange } from '../exchange.ts';

/** What is found out about a request while it is answered, for the audit log. */
export interface AccessNote {
  /** Set as soon as the client is known, also when it may not do what it wants. */
  identity: Identity | null;
  /** Code of the error that it was answered with. */
  failure: string | null;
}

/** Statuses that say that somebody was kept out. */
const refusals: ReadonlySet<number> = new Set([401, 403, 429]);

/**
 * Tells the audit log of a request. Endpoints need do nothing for it: every one that needs a key or changes something is recorded by
 * its route template; public pages are not, unless somebody was kept out.
 */
export function tellAudit(exchange: Exchange, route: EndpointDescription | null, answer: Response): void {
  const { door, context, note, address } = exchange;
  const kind = refusals.has(answer.status) ? 'security' : (route?.recorded ?? 'never');
  // A client that asks beforehand whether it may open a WebSocket: the connection itself is recorded.
  if (kind === 'never' || note.failure === 'upgrade-required') return;
  door.application.audit.record({
    identity: note.identity,
    kind,
    action: `${context.req.method} ${route?.path ?? '(unknown path)'}`,
    target: route === null ? null : targetOf(exchange, answer),
    outcome: outcomeOf(answer.status),
    reason: note.failure,
    address,
    userAgent: context.req.header('user-agent') ?? null,
  });
}

/** The thing that the path names, or the one that was made. Other parts of a path may be secrets, such as tokens of links. */
function targetOf({ context }: Exchange, answer: Response): string | null {
  const params: Record<string, string | undefined> = context.req.param();
  const named = params['id'] ?? params['name'];
  if (named !== undefined) return named;
  const location = answer.headers.get('location') ?? '';
  return /^\/v1\/[a-z-]+\/([\w-]+)$/.exec(location)?.[1] ?? null;
}

function outcomeOf(status: number): 'succeeded' | 'refused' | 'failed' {
  if (status < 400) return 'succeeded';
  return refusals.has(status) ? 'refused' : 'failed';
}
