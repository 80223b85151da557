import type { JsonObject } from '@batuta/contract';
import type { ApprovalRecord } from '../../port/approval-store.ts';
import type { AuditEntry } from '../../port/audit-log.ts';
import type { MadeDecision } from '../../port/run-record.ts';
import type { Identity } from '../access/identity.ts';
import { auditEntry } from '../audit/audit-entry.ts';

/** The audit entry of a decision that an identity makes. Arguments and answers are in the log of the session, under their hashes here. */
export function decisionEntry(identity: Identity, record: ApprovalRecord, made: MadeDecision): AuditEntry {
  return auditEntry(identity, { ...deedOf(record, made) });
}

/** The audit entry of a decision by a link: its recipient has no identity here but the link. */
export function linkDecisionEntry(
  link: { id: string; recipient: string; address: string | null },
  record: ApprovalRecord,
  made: MadeDecision,
): AuditEntry {
  const { id, recipient, address } = link;
  return {
    ...deedOf(record, made),
    outcome: 'succeeded',
    actor: id,
    actorKind: 'anonymous',
    actorName: recipient,
    address,
  };
}

function deedOf(record: ApprovalRecord, made: MadeDecision) {
  return {
    kind: 'decision',
    action: 'approval-decided',
    target: record.id,
    reason: made.reason ?? null,
    before: { status: record.status },
    after: afterOf(record, made),
  } as const;
}

function afterOf(record: ApprovalRecord, made: MadeDecision): JsonObject {
  const { runId, tool, argumentsHash } = record;
  return {
    decision: made.decision,
    run_id: runId,
    tool,
    arguments_hash: argumentsHash,
    ...(made.edited ? { edited_arguments_hash: made.edited.argumentsHash } : {}),
    ...(made.pattern ? { pattern: made.pattern } : {}),
  };
}
