import {
  BatutaError,
  coversRole,
  patternMismatch,
  type Approval,
  type DecideApproval,
  type JsonValue,
} from '@batuta/contract';
import { bindArguments } from '../../domain/approval/arguments-hash.ts';
import type { ApprovalRecord, ApprovalStore } from '../../port/approval-store.ts';
import type { MadeDecision } from '../../port/run-record.ts';
import type { Identity } from '../access/identity.ts';
import type { SessionStore } from '../../port/session-store.ts';
import type { RunNotifier } from '../worker/run-notifier.ts';
import { findApproval } from './approvals.ts';
import { decisionEntry } from './audit-decision.ts';
import { checkEdit, type EditContext } from './check-edit.ts';
import { renderApproval } from './render-approval.ts';

/** What deciding needs. */
export interface DecideContext extends EditContext {
  approvals: ApprovalStore;
  sessions: Pick<SessionStore, 'get'>;
  notify: RunNotifier;
}

/**
 * Records the one decision and wakes the run. Who decides is the identity of the request and nothing else: no text of a conversation
 * comes here. Errors: those of the store's `decide`, `approval-role-missing`, `approval-edit-invalid`, `approval-edit-denied`,
 * `approval-pattern-mismatch`.
 */
export async function decideApproval(
  context: DecideContext,
  identity: Identity,
  made: { id: string; body: DecideApproval },
): Promise<Approval> {
  const { id, body } = made;
  const record = await findApproval(context, identity, id);
  requireRole(record, identity);
  const edited = await editOf(context, identity, { record, body });
  const pattern = patternOf(record, body);
  const decision: MadeDecision = {
    decision: body.decision,
    decidedBy: identity.name,
    ...(body.reason === undefined ? {} : { reason: body.reason }),
    ...(body.answer === undefined ? {} : { answer: body.answer }),
    ...(edited ? { edited } : {}),
    ...(pattern ? { pattern } : {}),
  };
  return renderApproval(await recordDecision(context, identity, { record, decision }));
}

/** Records the decision of an identity with its audit entry, in one transaction, and wakes the run. Errors: those of the store's `decide`. */
export async function recordDecision(
  { approvals, notify }: Pick<DecideContext, 'approvals' | 'notify'>,
  identity: Identity,
  { record, decision }: { record: ApprovalRecord; decision: MadeDecision },
): Promise<ApprovalRecord> {
  const { tenantId, id } = record;
  const audit = decisionEntry(identity, record, decision);
  return wakeAfter(notify, record, () => approvals.decide({ tenantId, id }, decision, audit));
}

/**
 * Wakes the run when it was tried to decide its open approval, also when somebody else was faster: the attempt held the run's row for a
 * moment, in which a worker that was told of the other decision will have passed it over.
 */
export async function wakeAfter(
  notify: RunNotifier,
  { runId, status }: ApprovalRecord,
  decide: () => Promise<ApprovalRecord>,
): Promise<ApprovalRecord> {
  try {
    return await decide();
  } finally {
    if (status === 'pending') {
      notify.queued(runId);
      notify.signalled(runId);
    }
  }
}

/** Errors: `approval-role-missing`. */
export function requireRole(record: ApprovalRecord, identity: Identity): void {
  const { role } = identity;
  if (coversRole(role, record.neededRole)) return;
  throw new BatutaError('approval-role-missing', { id: record.id, needed: record.neededRole, role });
}

/** Other arguments may need a higher role than the model's did. Arguments equal to the model's are no edit. An approval that is decided already is refused by the store, which knows how. */
async function editOf(
  context: EditContext,
  identity: Identity,
  { record, body }: { record: ApprovalRecord; body: DecideApproval },
): Promise<MadeDecision['edited']> {
  if (body.arguments === undefined || record.status !== 'pending') return undefined;
  if (!record.decisions.includes('approve')) return undefined;
  const { input, approver } = await checkEdit(context, record, body.arguments);
  if (approver !== null) requireRole({ ...record, neededRole: approver }, identity);
  const bound = bindArguments(input);
  return bound.hash === record.argumentsHash
    ? undefined
    : { arguments: bound.text, argumentsHash: bound.hash };
}

function patternOf(record: ApprovalRecord, body: DecideApproval): MadeDecision['pattern'] {
  const pattern = body.for_session?.pattern;
  if (!pattern) return undefined;
  const input: JsonValue = body.arguments ?? argumentsOf(record);
  const argument = patternMismatch(pattern, input);
  if (argument === undefined) return pattern;
  throw new BatutaError('approval-pattern-mismatch', { id: record.id, argument });
}

/** Those of an approval from before they were checked may be no JSON: no pattern covers them. */
function argumentsOf(record: ApprovalRecord): JsonValue {
  try {
    return JSON.parse(record.arguments);
  } catch {
    return record.arguments;
  }
}
