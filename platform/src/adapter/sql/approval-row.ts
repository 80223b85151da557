import type { ApprovalRecord } from '../../port/approval-store.ts';
import type { TimedApprovalRow } from './statement/read-approval.ts';

/** An approval as the port has it. */
export function toApprovalRecord(row: TimedApprovalRow): ApprovalRecord {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    runId: row.run_id,
    sessionId: row.session_id,
    status: statusOf(row),
    callId: row.call_id,
    tool: row.tool,
    arguments: row.arguments,
    argumentsHash: row.arguments_hash,
    policyVersion: row.policy_version,
    rule: row.rule,
    why: row.why,
    reason: row.reason,
    decisions: row.decisions,
    neededRole: row.needed_role,
    labels: row.labels,
    requestedBy: row.requested_by,
    question: row.question,
    decision: row.decision,
    decidedBy: row.decided_by,
    decisionReason: row.decision_reason,
    editedArguments: row.edited_arguments,
    pattern: row.pattern,
    answer: row.answer,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    decidedAt: row.decided_at,
  };
}

function statusOf(row: TimedApprovalRow): ApprovalRecord['status'] {
  if (row.decision !== null) return 'decided';
  return row.closed ?? (row.is_expired ? 'expired' : 'pending');
}
