import type { JsonObject } from '@batuta/contract';
import type { AuditEntry } from '../../port/audit-log.ts';
import type { Identity } from '../access/identity.ts';

/** What somebody did, without who and from where. */
export interface AuditedDeed extends Pick<AuditEntry, 'action' | 'kind' | 'reason' | 'userAgent' | 'at'> {
  target?: string | null;
  outcome?: AuditEntry['outcome'];
  before?: JsonObject | null;
  after?: JsonObject | null;
}

/** The entry for what an identity did: a change that succeeded unless the deed says otherwise. */
export function auditEntry(identity: Identity, deed: AuditedDeed): AuditEntry {
  return {
    target: null,
    outcome: 'succeeded',
    before: null,
    after: null,
    ...deed,
    ...actorOf(identity),
  };
}

/** A value as the details of an entry: JSON, without what is undefined. */
export function detailOf(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

/** The entry for what the platform did by itself. */
export function systemEntry(deed: AuditedDeed): AuditEntry {
  const actor = { actor: 'system', actorKind: 'system', address: null } as const;
  return { target: null, outcome: 'succeeded', before: null, after: null, ...deed, ...actor };
}

type Actor = Pick<AuditEntry, 'actor' | 'actorKind' | 'actorName' | 'keyId' | 'address'>;

function actorOf({ userId, keyId, name, address }: Identity): Actor {
  const who = { actorName: name, keyId, address };
  if (userId !== null) return { actor: userId, actorKind: 'user', ...who };
  if (keyId !== null) return { actor: keyId, actorKind: 'key', ...who };
  // A browser that was signed in by the link of a start.
  return { actor: 'link', actorKind: 'system', ...who };
}
