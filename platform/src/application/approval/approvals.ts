import { BatutaError, type Approval } from '@batuta/contract';
import type { ApprovalStore } from '../../port/approval-store.ts';
import type { Identity } from '../access/identity.ts';
import type { ApprovalListRequest, Page } from '../application.ts';
import { pageOf, readPageCursor } from '../page.ts';
import { renderApproval } from './render-approval.ts';

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
  request: ApprovalListRequest,
): Promise<Page<Approval>> {
  const { pending, run_id: runId, session_id: sessionId, tool } = request;
  const before = readPageCursor(request.cursor);
  const records = await store.list(identity.tenantId, {
    pending,
    limit: request.limit + 1,
    ...(before === undefined ? {} : { before }),
    ...(runId === undefined ? {} : { runId }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(tool === undefined ? {} : { tool }),
  });
  return pageOf(records, request.limit, { render: renderApproval, key: (record) => record.id });
}
