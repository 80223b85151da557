import type { ApprovalDecision, ArgumentPattern } from '@batuta/contract';
import type { AuditEntry } from './audit-log.ts';
import type { MadeDecision, NewApproval } from './run-record.ts';

/**
 * Something for a person to decide and, once there is one, the decision. States:
 * - *pending*: no decision, and its time is not over
 * - *decided*: one decision, which never changes
 * - *expired*: its time is over without one; the run's worker then closes it in the commit that denies the call
 * - *withdrawn*: its run ended without it
 */
export interface ApprovalRecord extends NewApproval {
  tenantId: string;
  runId: string;
  sessionId: string;
  status: 'pending' | 'decided' | 'expired' | 'withdrawn';
  decision: ApprovalDecision | null;
  decidedBy: string | null;
  decisionReason: string | null;
  /** Canonical JSON of the arguments that were put in place of the model's. */
  editedArguments: string | null;
  pattern: ArgumentPattern | null;
  answer: string | null;
  createdAt: number;
  decidedAt: number | null;
}

/** Which approvals to list. */
export interface ApprovalFilter {
  /** Only those without a decision whose run has not ended. */
  pending: boolean;
  /** Only approvals of sessions that belong to this one. */
  ownerId?: string;
  runId?: string;
  sessionId?: string;
  tool?: string;
  before?: string;
  limit: number;
}

/** A right to decide one approval once, for whoever has its token. */
export interface NewApprovalLink {
  id: string;
  tenantId: string;
  sessionId: string;
  approvalId: string;
  /** SHA-256 of the token, hexadecimal. */
  hash: string;
  decisions: readonly ApprovalDecision[];
  recipient: string;
  createdBy: string;
  expiresAt: number;
}

/**
 * A link as stored. It is *open* until it is *used* (by the one decision that it is good for), *revoked* (by somebody who might decide)
 * or *expired*, whichever comes first.
 */
export interface ApprovalLinkRecord extends NewApprovalLink {
  isExpired: boolean;
  createdAt: number;
  usedAt: number | null;
  usedDecision: ApprovalDecision | null;
  revokedAt: number | null;
  revokedBy: string | null;
}

/** Approvals of a tenant. They are asked for in a run's commit. */
export interface ApprovalStore {
  get(tenantId: string, id: string): Promise<ApprovalRecord | undefined>;
  /** Newest first. */
  list(tenantId: string, filter: ApprovalFilter): Promise<ApprovalRecord[]>;
  /** The oldest question of a run that nobody has answered. */
  openQuestion(tenantId: string, runId: string): Promise<ApprovalRecord | undefined>;
  /**
   * Records the one decision, leaves the signal `approval-decided` and wakes the run, in one transaction.
   * Errors: `approval-unknown`, `approval-decided-already`, `approval-expired`, `approval-withdrawn`, `decision-not-offered`, and
   * `run-state-conflict` when the run has ended meanwhile: nothing is decided then. With `linkId` the link is used up in the same
   * transaction; errors then also: `approval-link-used`, `approval-link-expired`,
   * `approval-link-revoked`. `audit` is recorded in it, too.
   */
  decide(
    target: { tenantId: string; id: string; linkId?: string },
    decision: MadeDecision,
    audit: AuditEntry,
  ): Promise<ApprovalRecord>;
  /** Stores a link. Errors: `approval-links-exhausted` when the approval has `most` of them. */
  addLink(link: NewApprovalLink, most: number, audit: AuditEntry): Promise<void>;
  /** Every link of an approval, oldest first. */
  listLinks(tenantId: string, approvalId: string): Promise<ApprovalLinkRecord[]>;
  /**
   * Takes a link back before it is used; one that was taken back stays so, and nothing is recorded again. Errors:
   * `approval-link-unknown`, `approval-link-used`.
   */
  revokeLink(
    link: { tenantId: string; approvalId: string; id: string },
    revokedBy: string,
    audit: AuditEntry,
  ): Promise<void>;
  /** The link whose token has this hash, of whatever tenant. */
  findLink(hash: string): Promise<ApprovalLinkRecord | undefined>;
}
