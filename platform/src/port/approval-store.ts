import type { ApprovalDecision } from '@batuta/contract';

/** A question for a person and, once there is one, its decision. */
export interface ApprovalRecord {
  id: string;
  tenantId: string;
  runId: string;
  sessionId: string;
  callId: string;
  tool: string;
  arguments: string;
  argumentsHash: string;
  reason: 'policy' | 'unknown-outcome';
  decisions: ApprovalDecision[];
  decision: ApprovalDecision | null;
  decidedBy: string | null;
  createdAt: number;
  expiresAt: number;
  decidedAt: number | null;
}

/** Approvals of a tenant. They are asked for in a run's commit. */
export interface ApprovalStore {
  get(tenantId: string, id: string): Promise<ApprovalRecord | undefined>;
  /** Newest first. Pending are those without a decision whose run has not ended. */
  list(
    tenantId: string,
    filter: { pending: boolean; before?: string; limit: number },
  ): Promise<ApprovalRecord[]>;
  /**
   * Records the one decision, leaves the signal `approval-decided` and wakes the run, in one transaction.
   * Errors: `approval-unknown`, `approval-decided-already`, `approval-expired`, `decision-not-offered`, and `run-state-conflict`
   * when the run has ended meanwhile: nothing is decided then.
   */
  decide(
    target: { tenantId: string; id: string },
    decision: { decision: ApprovalDecision; decidedBy: string; reason?: string },
  ): Promise<ApprovalRecord>;
}
