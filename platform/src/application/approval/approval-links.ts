import { BatutaError, type Approval, type ApprovalDecision, type ApprovalLinkOrder } from '@batuta/contract';
import type { ApprovalLinkRecord, ApprovalRecord, ApprovalStore } from '../../port/approval-store.ts';
import type { Clock } from '../../port/clock.ts';
import type { Ids } from '../../port/ids.ts';
import { hashSecret, makeLinkToken } from '../access/secret.ts';
import type { Identity } from '../access/identity.ts';
import { auditEntry } from '../audit/audit-entry.ts';
import type { RunNotifier } from '../worker/run-notifier.ts';
import { linkDecisionEntry } from './audit-decision.ts';
import { findApproval, type ApprovalStores } from './approvals.ts';
import { requireRole, wakeAfter } from './decide-approval.ts';
import { renderApproval } from './render-approval.ts';

/** Links of one approval. */
const mostLinks = 20;

const longestToken = 128;

/** What making and using links needs. */
export interface LinkContext {
  approvals: ApprovalStore;
  sessions: ApprovalStores['sessions'];
  clock: Clock;
  ids: Ids;
  notify: RunNotifier;
  randomBytes: (count: number) => Uint8Array;
}

/** A link right after it was made: the only moment at which its token is known. */
export interface MadeLink {
  id: string;
  approvalId: string;
  recipient: string;
  decisions: ApprovalDecision[];
  token: string;
  expiresAt: number;
}

/** What the recipient of a link decides. */
export interface LinkDecision {
  decision: ApprovalDecision;
  reason?: string | undefined;
  answer?: string | undefined;
  /** Network address that it came from. */
  address?: string | null;
}

/** What whoever opens a link is shown. */
export interface OpenedLink {
  recipient: string;
  decisions: readonly ApprovalDecision[];
  expiresAt: number;
  /** `open`: it can still be used. The others say why not. */
  state: 'open' | 'used' | 'revoked' | 'expired' | 'closed';
  usedDecision: ApprovalDecision | null;
  approval: Approval;
}

/**
 * Makes a link by which its recipient decides this approval, once. Who makes it passes on a right of their own, so they need the role
 * that deciding needs. Errors: `approval-unknown`, `approval-role-missing`, `decision-not-offered`, `approval-links-exhausted`, and those
 * that say why the approval cannot be decided any more.
 */
export async function createApprovalLink(
  context: LinkContext,
  identity: Identity,
  made: { id: string; order: ApprovalLinkOrder },
): Promise<MadeLink> {
  const { id, order } = made;
  const record = await findApproval(context, identity, id);
  requireRole(record, identity);
  requirePending(record);
  const decisions = decisionsOf(record, order);
  const token = makeLinkToken(context.randomBytes);
  const wanted = context.clock.now() + order.expires_in_hours * 3_600_000;
  const expiresAt = Math.min(wanted, record.expiresAt ?? wanted);
  const link = { id: context.ids.create('approvalLink'), decisions, recipient: order.recipient, expiresAt };
  const { tenantId, sessionId } = record;
  const secret = { hash: hashSecret(token), createdBy: identity.name };
  const after = { link_id: link.id, recipient: link.recipient, decisions };
  const audit = auditEntry(identity, { action: 'approval-link-created', target: id, after });
  const row = { ...link, ...secret, tenantId, sessionId, approvalId: id };
  await context.approvals.addLink(row, mostLinks, audit);
  return { ...link, approvalId: id, token };
}

/** What a link is about. Changes nothing: mail scanners follow links. Errors: `approval-link-unknown`. */
export async function openApprovalLink(
  context: Pick<LinkContext, 'approvals'>,
  token: string,
): Promise<OpenedLink> {
  const { link, record } = await find(context, token);
  const { recipient, decisions, expiresAt, usedDecision } = link;
  const state = stateOf(link, record);
  return { recipient, decisions, expiresAt, state, usedDecision, approval: renderApproval(record) };
}

/**
 * Decides by a link and uses it up. It is recorded under the recipient's name and the name of who made the link. Errors:
 * `approval-link-unknown`, `approval-link-used`, `approval-link-revoked`, `approval-link-expired`, `decision-not-offered`, and those of the store's `decide`.
 */
export async function decideByLink(
  context: Pick<LinkContext, 'approvals' | 'notify'>,
  token: string,
  made: LinkDecision,
): Promise<Approval> {
  const { link, record } = await find(context, token);
  const { decision, reason, answer } = made;
  if (!link.decisions.includes(decision)) {
    throw new BatutaError('decision-not-offered', {
      id: record.id,
      decision,
      offered: link.decisions.join(' or '),
    });
  }
  requireUsable(link);
  const decidedBy = `${link.recipient} (link of ${link.createdBy})`;
  const said = { ...(reason === undefined ? {} : { reason }), ...(answer === undefined ? {} : { answer }) };
  const target = { tenantId: link.tenantId, id: link.approvalId, linkId: link.id };
  const full = { decision, decidedBy, ...said };
  const audit = linkDecisionEntry({ ...link, address: made.address ?? null }, record, full);
  const { approvals, notify } = context;
  return renderApproval(await wakeAfter(notify, record, () => approvals.decide(target, full, audit)));
}

async function find({ approvals }: Pick<LinkContext, 'approvals'>, token: string) {
  const isPossible = token !== '' && token.length <= longestToken;
  const link = isPossible ? await approvals.findLink(hashSecret(token)) : undefined;
  const record = link && (await approvals.get(link.tenantId, link.approvalId));
  if (!link || !record) throw new BatutaError('approval-link-unknown', {});
  return { link, record };
}

function stateOf(link: ApprovalLinkRecord, record: ApprovalRecord): OpenedLink['state'] {
  if (link.usedAt !== null) return 'used';
  if (link.revokedAt !== null) return 'revoked';
  if (record.status !== 'pending') return 'closed';
  return link.isExpired ? 'expired' : 'open';
}

/** The store checks again, in the transaction that uses the link up; this one knows the reason before the approval's own. */
function requireUsable(link: ApprovalLinkRecord): void {
  const { usedAt, usedDecision, revokedAt, isExpired, expiresAt } = link;
  if (usedAt !== null) {
    throw new BatutaError('approval-link-used', {
      used_at: new Date(usedAt).toISOString(),
      decision: usedDecision ?? '',
    });
  }
  if (revokedAt !== null)
    throw new BatutaError('approval-link-revoked', { revoked_at: new Date(revokedAt).toISOString() });
  if (isExpired)
    throw new BatutaError('approval-link-expired', { expired_at: new Date(expiresAt).toISOString() });
}

function requirePending(record: ApprovalRecord): void {
  const { id, status } = record;
  if (status === 'withdrawn') throw new BatutaError('approval-withdrawn', { id });
  if (status === 'expired')
    throw new BatutaError('approval-expired', {
      id,
      expired_at: new Date(record.expiresAt ?? 0).toISOString(),
    });
  if (status === 'pending') return;
  throw new BatutaError('approval-decided-already', {
    id,
    decision: record.decision ?? '',
    decided_by: record.decidedBy ?? '',
    decided_at: new Date(record.decidedAt ?? 0).toISOString(),
    reason: record.decisionReason,
  });
}

function decisionsOf(record: ApprovalRecord, order: ApprovalLinkOrder): ApprovalDecision[] {
  const wanted = [...new Set(order.decisions ?? record.decisions)];
  const refused = wanted.find((decision) => !record.decisions.includes(decision));
  if (refused === undefined) return wanted;
  const offered = record.decisions.join(' or ');
  throw new BatutaError('decision-not-offered', { id: record.id, decision: refused, offered });
}
