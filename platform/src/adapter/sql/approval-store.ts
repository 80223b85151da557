import { BatutaError, type ApprovalDecision } from '@batuta/contract';
import { sql } from 'kysely';
import type { ApprovalRecord, ApprovalStore } from '../../port/approval-store.ts';
import { queryBuilder, toQuery } from './build-query.ts';
import { leaveSignal } from './statement/leave-signal.ts';
import { readRun } from './statement/read-run.ts';
import {
  approvalColumnNames,
  decideApproval,
  lockApproval,
  readApproval,
  type ApprovalRow,
} from './statement/read-approval.ts';
import { storableText } from './storable-text.ts';
import type { Execute, Transactor } from './transactor.ts';

const unfinished = ['queued', 'running', 'waiting'] as const;

interface Decision {
  decision: ApprovalDecision;
  decidedBy: string;
  reason?: string;
}

/** Approvals in a PostgreSQL database, embedded or not. */
export class SqlApprovalStore implements ApprovalStore {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async get(tenantId: string, id: string): Promise<ApprovalRecord | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readApproval(id));
    return row && toApprovalRecord(row);
  }

  async list(
    tenantId: string,
    filter: { pending: boolean; before?: string; limit: number },
  ): Promise<ApprovalRecord[]> {
    const build = await queryBuilder();
    let query = build.selectFrom('approvals').select(approvalColumnNames).where('tenant_id', '=', tenantId);
    if (filter.pending) {
      const live = build.selectFrom('runs').select('id').where('status', 'in', unfinished);
      query = query
        .where('decision', 'is', null)
        .where('expires_at', '>', sql<number>`now()`)
        .where('run_id', 'in', live);
    }
    if (filter.before !== undefined) query = query.where('id', '<', filter.before);
    const page = toQuery(query.orderBy('id', 'desc').limit(filter.limit));
    const rows = await this.#transactor.read({ tenant: tenantId }, page);
    return rows.map(toApprovalRecord);
  }

  async decide(target: { tenantId: string; id: string }, decision: Decision): Promise<ApprovalRecord> {
    const scope = { tenant: target.tenantId };
    const row = await this.#transactor.transaction(scope, async (execute) => {
      const [approval] = await execute(lockApproval(target.id));
      if (!approval) throw new BatutaError('approval-unknown', { id: target.id });
      checkDecision(approval, decision.decision);
      await tellRun(execute, approval, decision);
      const reason = decision.reason === undefined ? null : storableText(decision.reason);
      const decidedBy = storableText(decision.decidedBy);
      const [decided] = await execute(decideApproval(target.id, decision.decision, decidedBy, reason));
      return decided ?? approval;
    });
    return toApprovalRecord(row);
  }
}

function checkDecision(approval: ApprovalRow & { is_expired: boolean }, decision: ApprovalDecision): void {
  const { id } = approval;
  if (approval.decision !== null) {
    throw new BatutaError('approval-decided-already', { id, decision: approval.decision });
  }
  if (approval.is_expired) {
    throw new BatutaError('approval-expired', {
      id,
      expired_at: new Date(approval.expires_at).toISOString(),
    });
  }
  if (!approval.decisions.includes(decision)) {
    const offered = approval.decisions.join(' or ');
    throw new BatutaError('decision-not-offered', { id, decision, offered });
  }
}

async function tellRun(execute: Execute, approval: ApprovalRow, decision: Decision): Promise<void> {
  const data = { approvalId: approval.id, callId: approval.call_id, ...decision };
  const query = leaveSignal(approval.run_id, unfinished, 'approval-decided', JSON.stringify(data));
  const [told] = await execute(query);
  if (told) return;
  const [run] = await execute(readRun(approval.run_id));
  throw new BatutaError('run-state-conflict', {
    id: approval.run_id,
    status: run?.status ?? 'deleted',
    action: 'deciding its approval',
    needed: unfinished.join(' or '),
  });
}

function toApprovalRecord(row: ApprovalRow): ApprovalRecord {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    runId: row.run_id,
    sessionId: row.session_id,
    callId: row.call_id,
    tool: row.tool,
    arguments: row.arguments,
    argumentsHash: row.arguments_hash,
    reason: row.reason,
    decisions: row.decisions,
    decision: row.decision,
    decidedBy: row.decided_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    decidedAt: row.decided_at,
  };
}
