import type { ApprovalLinkInfo, ApprovalLinkList } from '@batuta/contract';
import type { ApprovalLinkRecord } from '../../port/approval-store.ts';
import type { Identity } from '../access/identity.ts';
import { auditEntry } from '../audit/audit-entry.ts';
import { instant } from '../run/render-run.ts';
import { findApproval, type ApprovalStores } from './approvals.ts';
import { requireRole } from './decide-approval.ts';

/** Every link of an approval, without what makes it one. Errors: `approval-unknown`. */
export async function listApprovalLinks(
  stores: ApprovalStores,
  identity: Identity,
  id: string,
): Promise<ApprovalLinkList> {
  const { tenantId } = await findApproval(stores, identity, id);
  const links = await stores.approvals.listLinks(tenantId, id);
  return { items: links.map(renderLink) };
}

/**
 * Takes a link back: from now on it decides nothing. Who does this needs the role that deciding needs, as who makes links. Errors:
 * `approval-unknown`, `approval-role-missing`, `approval-link-unknown`, `approval-link-used`.
 */
export async function revokeApprovalLink(
  stores: ApprovalStores,
  identity: Identity,
  { id, linkId }: { id: string; linkId: string },
): Promise<void> {
  const record = await findApproval(stores, identity, id);
  requireRole(record, identity);
  const after = { link_id: linkId };
  const audit = auditEntry(identity, { action: 'approval-link-revoked', target: id, after });
  const link = { tenantId: record.tenantId, approvalId: id, id: linkId };
  await stores.approvals.revokeLink(link, identity.name, audit);
}

function renderLink(link: ApprovalLinkRecord): ApprovalLinkInfo {
  return {
    id: link.id,
    approval_id: link.approvalId,
    recipient: link.recipient,
    decisions: [...link.decisions],
    created_by: link.createdBy,
    created_at: instant(link.createdAt),
    expires_at: instant(link.expiresAt),
    used_at: link.usedAt === null ? null : instant(link.usedAt),
    used_decision: link.usedDecision,
    revoked_at: link.revokedAt === null ? null : instant(link.revokedAt),
    revoked_by: link.revokedBy,
  };
}
