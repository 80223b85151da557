import { BatutaError, type Approval } from '@batuta/contract';
import type { ApprovalRecord, ApprovalStore } from '../../port/approval-store.ts';
import type { SessionStore } from '../../port/session-store.ts';
import type { Identity } from '../access/identity.ts';
import { isSessionVisible, visibleFilter } from '../access/visibility.ts';
import type { ApprovalListRequest, Page } from '../application.ts';
import { pageOf, readPageCursor } from '../page.ts';
import { renderApproval } from './render-approval.ts';

/** Where approvals and the sessions that they belong to are. */
export interface ApprovalStores {
  approvals: ApprovalStore;
  sessions: Pick<SessionStore, 'get'>;
}

/** One approval. Errors: `approval-unknown`. */
export async function getApproval(stores: ApprovalStores, identity: Identity, id: string): Promise<Approval> {
  return renderApproval(await findApproval(stores, identity, id));
}

/** An approval that somebody may see: one of their own sessions, where they do not see all. Errors: `approval-unknown`. */
export async function findApproval(
  { approvals, sessions }: ApprovalStores,
  identity: Identity,
  id: string,
): Promise<ApprovalRecord> {
  const record = await approvals.get(identity.tenantId, id);
  if (record && (await isSessionVisible(sessions, identity, record.sessionId))) return record;
  throw new BatutaError('approval-unknown', { id });
}

/** Approvals of the tenant, newest first. Errors: `cursor-invalid`. */
export async function listApprovals(
  store: ApprovalStore,
  identity: Identity,
  request: ApprovalListRequest,
): Promise<Page<Approval>> {
  const { pending, run_id: runId, session_id: sessionId, tool } = request;
  const before = readPageCursor(request.cursor);
  const records = await store.list(identity.tenantId, {
    pending,
    limit: request.limit + 1,
    ...visibleFilter(identity),
    ...(before === undefined ? {} : { before }),
    ...(runId === undefined ? {} : { runId }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(tool === undefined ? {} : { tool }),
  });
  return pageOf(records, request.limit, { render: renderApproval, key: (record) => record.id });
}
