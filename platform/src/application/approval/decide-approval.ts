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
  const edited = await editOf(context, record, body);
  const pattern = patternOf(record, body);
  const decided = await context.approvals.decide(
    { tenantId: identity.tenantId, id },
    {
      decision: body.decision,
      decidedBy: identity.name,
      ...(body.reason === undefined ? {} : { reason: body.reason }),
      ...(body.answer === undefined ? {} : { answer: body.answer }),
      ...(edited ? { edited } : {}),
      ...(pattern ? { pattern } : {}),
    },
  );
  wakeRun(context.notify, decided);
  return renderApproval(decided);
}

/** Tells whoever holds the run, and whoever could take it. */
export function wakeRun(notify: RunNotifier, { runId }: { runId: string }): void {
  notify.queued(runId);
  notify.signalled(runId);
}

/** Errors: `approval-role-missing`. */
export function requireRole(record: ApprovalRecord, identity: Identity): void {
  const { role } = identity;
  if (coversRole(role, record.neededRole)) return;
  throw new BatutaError('approval-role-missing', { id: record.id, needed: record.neededRole, role });
}

/** Arguments equal to the model's are no edit. An approval that is decided already is refused by the store, which knows how. */
async function editOf(
  context: EditContext,
  record: ApprovalRecord,
  body: DecideApproval,
): Promise<MadeDecision['edited']> {
  if (body.arguments === undefined || record.status !== 'pending') return undefined;
  if (!record.decisions.includes('approve')) return undefined;
  const input = await checkEdit(context, record, body.arguments);
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
