import { statement } from '../statement.ts';

/** Stores something for a person to decide. */
export const addApproval = statement<
  never,
  readonly [
    id: string,
    tenantId: string,
    sessionId: string,
    runId: string,
    callId: string,
    tool: string,
    argumentsJson: string,
    argumentsHash: string,
    policyVersion: string,
    reason: string,
    decisions: readonly string[],
    neededRole: string,
    labels: readonly string[],
    requestedBy: string | null,
    question: string | null,
    expiresAt: Date | null,
    rule: string | null,
    why: string | null,
  ]
>(
  'add-approval',
  `
  insert into approvals (id, tenant_id, session_id, run_id, call_id, tool, arguments, arguments_hash, policy_version,
    reason, decisions, needed_role, labels, requested_by, question, expires_at, rule, why)
  values ($1, $2, $3, $4, $5, $6, $7::json, $8, $9, $10, $11, $12, $13, $14, $15::json, $16, $17::json, $18)`,
);
