import { BatutaError } from '@batuta/contract';
import type {
  ApprovalFilter,
  ApprovalLinkRecord,
  ApprovalRecord,
  ApprovalStore,
  NewApprovalLink,
} from '../../port/approval-store.ts';
import type { AuditEntry } from '../../port/audit-log.ts';
import type { MadeDecision } from '../../port/run-record.ts';
import { addLink, findLink, listLinks, revokeLink, useLink } from './approval-links.ts';
import { toApprovalRecord } from './approval-row.ts';
import { queryBuilder, rawSql, toQuery } from './build-query.ts';
import type { Query } from './statement.ts';
import { appendAudit } from './statement/append-audit.ts';
import { leaveSignal } from './statement/leave-signal.ts';
import {
  approvalColumnNames,
  decideApproval,
  readApproval,
  readOpenQuestion,
  type TimedApprovalRow,
} from './statement/read-approval.ts';
import { readRun } from './statement/read-run.ts';
import { storableText } from './storable-text.ts';
import type { Execute, Transactor } from './transactor.ts';

const unfinished = ['queued', 'running', 'waiting'] as const;

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

  async list(tenantId: string, filter: ApprovalFilter): Promise<ApprovalRecord[]> {
    const rows = await this.#transactor.read({ tenant: tenantId }, await listQuery(tenantId, filter));
    return rows.map(toApprovalRecord);
  }

  async openQuestion(tenantId: string, runId: string): Promise<ApprovalRecord | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readOpenQuestion(runId));
    return row && toApprovalRecord(row);
  }

  async decide(
    target: { tenantId: string; id: string; linkId?: string },
    made: MadeDecision,
    audit: AuditEntry,
  ): Promise<ApprovalRecord> {
    const { tenantId, id, linkId } = target;
    const row = await this.#transactor.transaction({ tenant: tenantId }, async (execute) => {
      const decided = await decideOnce(execute, id, made);
      if (linkId !== undefined) await useLink(execute, linkId, made.decision);
      await execute(appendAudit(audit));
      return decided;
    });
    return toApprovalRecord(row);
  }

  async addLink(link: NewApprovalLink, most: number, audit: AuditEntry): Promise<void> {
    await addLink(this.#transactor, link, { most, audit });
  }

  async listLinks(tenantId: string, approvalId: string): Promise<ApprovalLinkRecord[]> {
    return await listLinks(this.#transactor, tenantId, approvalId);
  }

  async revokeLink(
    link: { tenantId: string; approvalId: string; id: string },
    revokedBy: string,
    audit: AuditEntry,
  ): Promise<void> {
    await revokeLink(this.#transactor, link, { revokedBy, audit });
  }

  async findLink(hash: string): Promise<ApprovalLinkRecord | undefined> {
    return await findLink(this.#transactor, hash);
  }
}

async function listQuery(tenantId: string, filter: ApprovalFilter): Promise<Query<TimedApprovalRow>> {
  const [build, sql] = await Promise.all([queryBuilder(), rawSql()]);
  const isExpired = sql<boolean>`coalesce(expires_at <= now(), false)`.as('is_expired');
  let query = build
    .selectFrom('approvals')
    .select([...approvalColumnNames, isExpired])
    .where('tenant_id', '=', tenantId);
  if (filter.pending) {
    const live = build.selectFrom('runs').select('id').where('status', 'in', unfinished);
    query = query
      .where('decision', 'is', null)
      .where('closed', 'is', null)
      .where(sql<boolean>`(expires_at is null or expires_at > now())`)
      .where('run_id', 'in', live);
  }
  if (filter.ownerId !== undefined) {
    const own = build.selectFrom('sessions').select('id').where('owner_id', '=', filter.ownerId);
    query = query.where('session_id', 'in', own);
  }
  if (filter.runId !== undefined) query = query.where('run_id', '=', filter.runId);
  if (filter.sessionId !== undefined) query = query.where('session_id', '=', filter.sessionId);
  if (filter.tool !== undefined) query = query.where('tool', '=', filter.tool);
  if (filter.before !== undefined) query = query.where('id', '<', filter.before);
  return toQuery(query.orderBy('id', 'desc').limit(filter.limit));
}

/**
 * The run's row is locked first, in the order in which its worker's commits lock, so that decisions and commits of one run come one
 * after the other. Whoever comes second finds the decision, and its own signal is rolled back.
 */
async function decideOnce(execute: Execute, id: string, made: MadeDecision): Promise<TimedApprovalRow> {
  const [asked] = await execute(readApproval(id));
  if (!asked) throw new BatutaError('approval-unknown', { id });
  checkOffered(asked, made);
  const data = { approvalId: id, callId: asked.call_id, ...made };
  const [told] = await execute(
    leaveSignal(asked.run_id, unfinished, 'approval-decided', JSON.stringify(data)),
  );
  const [decided] = told ? await execute(decisionQuery(id, made)) : [];
  if (decided) return decided;
  const [present] = await execute(readApproval(id));
  throw refusalOf(present ?? asked) ?? (await runConflict(execute, asked.run_id));
}

function decisionQuery(id: string, made: MadeDecision): Query<TimedApprovalRow> {
  return decideApproval(
    id,
    made.decision,
    storableText(made.decidedBy),
    made.reason === undefined ? null : storableText(made.reason),
    jsonOrNull(made.edited?.arguments),
    made.edited?.argumentsHash ?? null,
    jsonOrNull(made.pattern),
    jsonOrNull(made.answer),
  );
}

function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function checkOffered(approval: TimedApprovalRow, { decision }: MadeDecision): void {
  const refusal = refusalOf(approval);
  if (refusal) throw refusal;
  if (approval.decisions.includes(decision)) return;
  const offered = approval.decisions.join(' or ');
  throw new BatutaError('decision-not-offered', { id: approval.id, decision, offered });
}

/** Why an approval cannot be decided, from what it says itself. */
function refusalOf(approval: TimedApprovalRow): BatutaError | undefined {
  const { id, decision, closed } = approval;
  if (decision !== null) {
    return new BatutaError('approval-decided-already', {
      id,
      decision,
      decided_by: approval.decided_by ?? '',
      decided_at: instant(approval.decided_at),
      reason: approval.decision_reason,
    });
  }
  if (closed === 'withdrawn') return new BatutaError('approval-withdrawn', { id });
  if (closed === 'expired' || approval.is_expired) {
    return new BatutaError('approval-expired', { id, expired_at: instant(approval.expires_at) });
  }
  return undefined;
}

function instant(milliseconds: number | null): string {
  return new Date(milliseconds ?? 0).toISOString();
}

async function runConflict(execute: Execute, runId: string): Promise<BatutaError> {
  const [run] = await execute(readRun(runId));
  return new BatutaError('run-state-conflict', {
    id: runId,
    status: run?.status ?? 'deleted',
    action: 'deciding its approval',
    needed: unfinished.join(' or '),
  });
}
