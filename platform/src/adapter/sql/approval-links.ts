import { BatutaError, type ApprovalDecision } from '@batuta/contract';
import type { ApprovalLinkRecord, NewApprovalLink } from '../../port/approval-store.ts';
import type { AuditEntry } from '../../port/audit-log.ts';
import { refusalReason } from './database-error.ts';
import { appendAudit } from './statement/append-audit.ts';
import {
  addApprovalLink,
  findApprovalLink,
  lockApproval,
  readApprovalLink,
  useApprovalLink,
  type ApprovalLinkRow,
} from './statement/approval-links.ts';
import { storableText } from './storable-text.ts';
import type { Execute, Transactor } from './transactor.ts';

/** Stores a link. Errors: `approval-links-exhausted`. */
export async function addLink(
  transactor: Transactor,
  link: NewApprovalLink,
  { most, audit }: { most: number; audit: AuditEntry },
): Promise<void> {
  const query = addApprovalLink(
    link.id,
    link.tenantId,
    link.sessionId,
    link.approvalId,
    link.hash,
    link.decisions,
    storableText(link.recipient),
    storableText(link.createdBy),
    new Date(link.expiresAt),
    most,
  );
  try {
    await transactor.run({ tenant: link.tenantId }, [
      lockApproval(link.approvalId),
      query,
      appendAudit(audit),
    ]);
  } catch (error) {
    if (refusalReason(error) !== 'links') throw error;
    throw new BatutaError('approval-links-exhausted', { id: link.approvalId, limit: most });
  }
}

/** The link of a token, of whatever tenant. */
export async function findLink(
  transactor: Transactor,
  hash: string,
): Promise<ApprovalLinkRecord | undefined> {
  const [row] = await transactor.read('system', findApprovalLink(hash));
  return row && toLinkRecord(row);
}

/** Uses a link up in the transaction of its decision. Errors: `approval-link-used`, `approval-link-expired`, `approval-link-unknown`. */
export async function useLink(execute: Execute, id: string, decision: ApprovalDecision): Promise<void> {
  const [used] = await execute(useApprovalLink(id, decision));
  if (used) return;
  const [row] = await execute(readApprovalLink(id));
  if (!row) throw new BatutaError('approval-link-unknown', {});
  if (row.used_at === null) {
    throw new BatutaError('approval-link-expired', { expired_at: new Date(row.expires_at).toISOString() });
  }
  const usedAt = new Date(row.used_at).toISOString();
  throw new BatutaError('approval-link-used', { used_at: usedAt, decision: row.used_decision ?? '' });
}

function toLinkRecord(row: ApprovalLinkRow): ApprovalLinkRecord {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    sessionId: row.session_id,
    approvalId: row.approval_id,
    hash: row.hash,
    decisions: row.decisions,
    recipient: row.recipient,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    isExpired: row.is_expired,
    usedAt: row.used_at,
    usedDecision: row.used_decision,
  };
}
