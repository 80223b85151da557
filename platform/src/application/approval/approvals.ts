import { BatutaError, type Approval, type ApprovalDecision } from '@batuta/contract';
import type { ApprovalRecord, ApprovalStore } from '../../port/approval-store.ts';
import type { Identity } from '../access/identity.ts';
import type { Page, PageRequest } from '../application.ts';
import { pageOf, readPageCursor } from '../page.ts';
import { instant } from '../run/render-run.ts';
import type { RunNotifier } from '../worker/run-notifier.ts';

/** One approval. Errors: `approval-unknown`. */
export async function getApproval(store: ApprovalStore, identity: Identity, id: string): Promise<Approval> {
  const record = await store.get(identity.tenantId, id);
  if (!record) throw new BatutaError('approval-unknown', { id });
  return renderApproval(record);
}

/** Approvals of the tenant, newest first. Errors: `cursor-invalid`. */
export async function listApprovals(
  store: ApprovalStore,
  identity: Identity,
  filter: PageRequest & { pending: boolean },
): Promise<Page<Approval>> {
  const before = readPageCursor(filter.cursor);
  const records = await store.list(identity.tenantId, {
    pending: filter.pending,
    limit: filter.limit + 1,
    ...(before === undefined ? {} : { before }),
  });
  return pageOf(records, filter.limit, { render: renderApproval, key: (record) => record.id });
}

/** Records the one decision and wakes the run. Errors: those of the store's `decide`. */
export async function decideApproval(
  context: { store: ApprovalStore; notify: RunNotifier },
  identity: Identity,
  made: { id: string; decision: ApprovalDecision; reason: string | undefined },
): Promise<Approval> {
  const record = await context.store.decide(
    { tenantId: identity.tenantId, id: made.id },
    {
      decision: made.decision,
      decidedBy: identity.name,
      ...(made.reason === undefined ? {} : { reason: made.reason }),
    },
  );
  context.notify.queued(record.runId);
  context.notify.signalled(record.runId);
  return renderApproval(record);
}

function renderApproval(record: ApprovalRecord): Approval {
  return {
    id: record.id,
    run_id: record.runId,
    session_id: record.sessionId,
    call_id: record.callId,
    tool: record.tool,
    arguments: record.arguments,
    reason: record.reason,
    decisions: record.decisions,
    decision: record.decision,
    decided_by: record.decidedBy,
    created_at: instant(record.createdAt),
    expires_at: instant(record.expiresAt),
    decided_at: record.decidedAt === null ? null : instant(record.decidedAt),
  };
}
