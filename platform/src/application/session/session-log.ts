import { BatutaError, type EventPage } from '@batuta/contract';
import { upgradeEvent } from '../../domain/run/upgrade-event.ts';
import type { EventLog } from '../../port/event-log.ts';
import type { SessionStore } from '../../port/session-store.ts';
import type { Identity } from '../access/identity.ts';
import { isVisible } from '../access/visibility.ts';

/** Events of a session, oldest first, as far as they are written. Errors: `session-unknown`. */
export async function readSessionLog(
  { sessions, events }: { sessions: SessionStore; events: EventLog },
  identity: Identity,
  { id, after, limit }: { id: string; after: number; limit: number },
): Promise<EventPage> {
  const session = await sessions.get(identity.tenantId, id);
  if (!session || !isVisible(identity, session.ownerId)) throw new BatutaError('session-unknown', { id });
  const found = await events.read(identity.tenantId, id, { afterSeq: after, limit: limit + 1 });
  const items = found.slice(0, limit).map(upgradeEvent);
  return { items, next_after: found.length > limit ? (items.at(-1)?.seq ?? null) : null };
}
