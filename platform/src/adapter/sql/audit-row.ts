import { plainLine, type JsonObject } from '@batuta/contract';
import type { AuditEntry, AuditRow } from '../../port/audit-log.ts';

/** A row of `audit_log`. */
export interface AuditLogRow {
  tenant_id: string;
  seq: number;
  at: number;
  kind: AuditRow['kind'];
  action: string;
  actor_kind: AuditRow['actorKind'];
  actor: string;
  actor_name: string | null;
  key_id: string | null;
  target: string | null;
  outcome: AuditRow['outcome'];
  reason: string | null;
  address: string | null;
  user_agent: string | null;
  count: number;
  before: string | null;
  after: string | null;
  hash: string;
}

const longestText = 512;
const longestUserAgent = 160;
const largestDetail = 16_384;

/** The columns of an entry as `append_audit` takes them. */
export function auditRowOf(entry: AuditEntry): JsonObject {
  return {
    at: entry.at === undefined ? null : new Date(entry.at).toISOString(),
    kind: entry.kind ?? 'change',
    action: shorten(entry.action),
    actor_kind: entry.actorKind,
    actor: shorten(entry.actor),
    actor_name: shorten(entry.actorName),
    key_id: shorten(entry.keyId),
    target: shorten(entry.target),
    outcome: entry.outcome,
    reason: shorten(entry.reason),
    address: shorten(entry.address),
    user_agent: shorten(entry.userAgent, longestUserAgent),
    count: entry.count ?? 1,
    before: detailOf(entry.before),
    after: detailOf(entry.after),
  };
}

function shorten(text: string, longest?: number): string;
function shorten(text: string | null | undefined, longest?: number): string | null;
function shorten(text: string | null | undefined, longest = longestText): string | null {
  if (text === null || text === undefined) return null;
  const whole = plainLine(text);
  return whole.length > longest ? `${whole.slice(0, longest - 1).toWellFormed()}…` : whole;
}

/** Large details would make the log costly to keep and to read: their size is recorded instead. */
function detailOf(detail: JsonObject | null): JsonObject | null {
  if (detail === null) return null;
  const bytes = Buffer.byteLength(JSON.stringify(detail));
  return bytes > largestDetail ? { too_large: true, bytes } : detail;
}

/** A stored row as the port gives it. */
export function toAuditRow(row: AuditLogRow): AuditRow {
  return {
    tenantId: row.tenant_id,
    seq: row.seq,
    at: row.at,
    kind: row.kind,
    action: row.action,
    actorKind: row.actor_kind,
    actor: row.actor,
    actorName: row.actor_name,
    keyId: row.key_id,
    target: row.target,
    outcome: row.outcome,
    reason: row.reason,
    address: row.address,
    userAgent: row.user_agent,
    count: row.count,
    before: row.before,
    after: row.after,
    hash: row.hash,
  };
}
