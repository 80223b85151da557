import type { Approval } from '@batuta/contract';
import type { ApprovalRecord } from '../../port/approval-store.ts';
import { instant } from '../run/render-run.ts';

/** An approval as the API shows it. */
export function renderApproval(record: ApprovalRecord): Approval {
  return {
    id: record.id,
    status: record.status,
    run_id: record.runId,
    session_id: record.sessionId,
    call_id: record.callId,
    tool: record.tool,
    arguments: record.arguments,
    arguments_hash: record.argumentsHash,
    reason: record.reason,
    policy_version: record.policyVersion,
    rule: record.rule,
    why: record.why,
    requested_by: record.requestedBy,
    needed_role: record.neededRole,
    labels: [...record.labels],
    question: record.question?.text ?? null,
    options: record.question?.options ? [...record.question.options] : null,
    decisions: [...record.decisions],
    decision: record.decision,
    decided_by: record.decidedBy,
    decision_reason: record.decisionReason,
    edited_arguments: record.editedArguments,
    pattern: record.pattern,
    answer: record.answer,
    created_at: instant(record.createdAt),
    expires_at: instantOrNull(record.expiresAt),
    decided_at: instantOrNull(record.decidedAt),
  };
}

function instantOrNull(milliseconds: number | null): string | null {
  return milliseconds === null ? null : instant(milliseconds);
}
