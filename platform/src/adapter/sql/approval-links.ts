import { BatutaError, type ApprovalDecision } from '@batuta/contract';
import type { ApprovalLinkRecord, NewApprovalLink } from '../../port/approval-store.ts';
import type { AuditEntry } from '../../port/audit-log.ts';
import { refusalReason } from './database-error.ts';
import { appendAudit } from './statement/append-audit.ts';
import {
  addApprovalLink,
  findApprovalLink,
  listApprovalLinks,
  lockApproval,
  readApprovalLink,
  revokeApprovalLink,
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

/** Uses a link up in the transaction of its decision. Errors: those of `decide` about links. */
export async function useLink(execute: Execute, id: string, decision: ApprovalDecision): Promise<void> {
  const [used] = await execute(useApprovalLink(id, decision));
  if (used) return;
  const [row] = await execute(readApprovalLink(id));
  if (!row) throw new BatutaError('approval-link-unknown', {});
  if (row.used_at !== null) throw usedError(row.used_at, row.used_decision);
  if (row.revoked_at !== null) {
    throw new BatutaError('approval-link-revoked', { revoked_at: new Date(row.revoked_at).toISOString() });
  }
  throw new BatutaError('approval-link-expired', { expired_at: new Date(row.expires_at).toISOString() });
}

/** Every link of an approval, oldest first. */
export async function listLinks(
  transactor: Transactor,
  tenantId: string,
  approvalId: string,
): Promise<ApprovalLinkRecord[]> {
  return (await transactor.read({ tenant: tenantId }, listApprovalLinks(approvalId))).map(toLinkRecord);
}

/** Takes a link back, once. Errors: `approval-link-unknown`, `approval-link-used`. */
export async function revokeLink(
  transactor: Transactor,
  link: { tenantId: string; approvalId: string; id: string },
  { revokedBy, audit }: { revokedBy: string; audit: AuditEntry },
): Promise<void> {
  const { tenantId, approvalId, id } = link;
  await transactor.transaction({ tenant: tenantId }, async (execute) => {
    const [revoked] = await execute(revokeApprovalLink(id, approvalId, storableText(revokedBy)));
    if (revoked) return void (await execute(appendAudit(audit)));
    const [row] = await execute(readApprovalLink(id));
    if (row?.approval_id !== approvalId) throw new BatutaError('approval-link-unknown', {});
    if (row.used_at !== null) throw usedError(row.used_at, row.used_decision);
  });
}

function usedError(usedAt: number, decision: ApprovalDecision | null): BatutaError {
  return new BatutaError('approval-link-used', {
    used_at: new Date(usedAt).toISOString(),
    decision: decision ?? '',
  });
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
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    isExpired: row.is_expired,
    usedAt: row.used_at,
    usedDecision: row.used_decision,
    revokedAt: row.revoked_at,
    revokedBy: row.revoked_by,
  };
}
