import type { AuditEntry, AuditLog } from '../../port/audit-log.ts';
import type { Identity } from '../access/identity.ts';
import { auditEntry } from './audit-entry.ts';

/** A request that came through a door, and how it ended. */
export interface AccessRecord {
  /** Null: nobody that is known. */
  identity: Identity | null;
  kind: 'access' | 'security';
  /** Method and route template: `POST /v1/runs/{id}/cancel`. */
  action: string;
  /** Id of what it was about. */
  target: string | null;
  outcome: AuditEntry['outcome'];
  /** Code of the error. */
  reason: string | null;
  address: string | null;
  userAgent: string | null;
}

/** Takes note of an access. What nobody of a tenant did is kept in the log of the platform's own tenant. */
export function recordAccess(
  { audit, platformTenant }: { audit: AuditLog; platformTenant: string },
  access: AccessRecord,
): void {
  const { identity, address, ...deed } = access;
  if (identity === null) {
    const nobody = { actor: 'anonymous', actorKind: 'anonymous', before: null, after: null } as const;
    audit.record(platformTenant, { ...deed, ...nobody, address });
  } else {
    const entry = auditEntry(identity, deed);
    audit.record(identity.tenantId, { ...entry, address: entry.address ?? address });
  }
}
