import { visibleOwner } from '../../domain/identity/ownership.ts';
import type { SessionStore } from '../../port/session-store.ts';
import type { Identity } from './identity.ts';

/** Whether somebody may see what belongs to an owner. What they may not see is unknown to them. */
export function isVisible(identity: Identity, ownerId: string | null): boolean {
  const owner = visibleOwner(identity);
  return owner === null || owner === ownerId;
}

/** Whether somebody may see a session and what is in it. It is looked up only for those who do not see everything. */
export async function isSessionVisible(
  sessions: Pick<SessionStore, 'get'>,
  identity: Identity,
  sessionId: string,
): Promise<boolean> {
  const owner = visibleOwner(identity);
  if (owner === null) return true;
  return (await sessions.get(identity.tenantId, sessionId))?.ownerId === owner;
}

/** The filter of a list that shows only what somebody may see. */
export function visibleFilter(identity: Identity): { ownerId?: string } {
  const ownerId = visibleOwner(identity);
  return ownerId === null ? {} : { ownerId };
}
