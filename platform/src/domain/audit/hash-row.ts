import { createHash } from 'node:crypto';
import type { AuditRow } from '../../port/audit-log.ts';

/**
 * The hash of a row of the audit log: SHA-256 over the hash of the row before it (an empty text for the first) and every column,
 * each with its length in bytes so that no two rows give the same text. The function `audit_hash` of migration 0007 computes the
 * same when a row is appended; a test holds both together.
 */
export function hashAuditRow(previous: string, row: AuditRow): string {
  const fields = [
    previous,
    row.tenantId,
    String(row.seq),
    String(row.at),
    row.kind,
    row.action,
    row.actorKind,
    row.actor,
    row.actorName,
    row.keyId,
    row.target,
    row.outcome,
    row.reason,
    row.address,
    row.userAgent,
    String(row.count),
    row.before,
    row.after,
  ];
  return createHash('sha256').update(fields.map(withLength).join('')).digest('hex');
}

function withLength(field: string | null): string {
  return field === null ? '-' : `${Buffer.byteLength(field)}:${field}`;
}
