import { jsonObjectSchema, type AuditLogEntry, type JsonObject } from '@batuta/contract';
import type { AuditRow } from '../../port/audit-log.ts';

/** An entry as the API and exports show it. */
export function renderAuditEntry(row: AuditRow): AuditLogEntry {
  return {
    seq: row.seq,
    at: new Date(row.at).toISOString(),
    kind: row.kind,
    action: row.action,
    actor: { kind: row.actorKind, id: row.actor, name: row.actorName },
    key_id: row.keyId,
    target: row.target,
    outcome: row.outcome,
    reason: row.reason,
    address: row.address,
    user_agent: row.userAgent,
    count: row.count,
    before: readDetail(row.before),
    after: readDetail(row.after),
    hash: row.hash,
  };
}

/** A detail that is not what it was when it was written must not keep the rest from being read: verification tells of it. */
function readDetail(text: string | null): JsonObject | null {
  if (text === null) return null;
  const parsed = jsonObjectSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : { unreadable: text };
}
