import { BatutaError } from '@batuta/contract';
import type { AuditEntry } from '../../port/audit-log.ts';
import type { Firing, NewSchedule, ScheduleRecord, ScheduleStore } from '../../port/schedule-store.ts';
import { appendAudit } from './statement/append-audit.ts';
import {
  addSchedule,
  advanceSchedule,
  deleteSchedule,
  findDueSchedules,
  listSchedules,
  readSchedule,
  replaceSchedule,
  type ScheduleRow,
  type ScheduleValues,
} from './statement/schedule.ts';
import { storableText } from './storable-text.ts';
import type { Transactor } from './transactor.ts';

/** Schedules in a PostgreSQL database, embedded or not. */
export class SqlScheduleStore implements ScheduleStore {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async add(schedule: NewSchedule, options: { limit: number; audit: AuditEntry }): Promise<ScheduleRecord> {
    const { limit, audit } = options;
    const row = await this.#transactor.transaction({ tenant: schedule.tenantId }, async (execute) => {
      const [added] = await execute(addSchedule(...valuesOf(schedule), limit));
      if (!added) throw new BatutaError('schedule-limit-reached', { limit });
      await execute(appendAudit(audit));
      return added;
    });
    return toScheduleRecord(row);
  }

  async get(tenantId: string, id: string): Promise<ScheduleRecord | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readSchedule(id));
    return row && toScheduleRecord(row);
  }

  async list(tenantId: string, page: { before?: string; limit: number }): Promise<ScheduleRecord[]> {
    const query = listSchedules(tenantId, page.before ?? null, page.limit);
    return (await this.#transactor.read({ tenant: tenantId }, query)).map(toScheduleRecord);
  }

  async replace(schedule: NewSchedule, audit: AuditEntry): Promise<ScheduleRecord | undefined> {
    return await this.#transactor.transaction({ tenant: schedule.tenantId }, async (execute) => {
      const [row] = await execute(replaceSchedule(...valuesOf(schedule)));
      if (!row) return undefined;
      await execute(appendAudit(audit));
      return toScheduleRecord(row);
    });
  }

  async delete({ tenantId, id }: { tenantId: string; id: string }, audit: AuditEntry): Promise<boolean> {
    return await this.#transactor.transaction({ tenant: tenantId }, async (execute) => {
      const [gone] = await execute(deleteSchedule(id));
      if (gone) await execute(appendAudit(audit));
      return gone !== undefined;
    });
  }

  async advance(record: ScheduleRecord, firing: Firing): Promise<boolean> {
    const { id, tenantId, nextDueAt, updatedAt } = record;
    const { dueAt, outcome, runId } = firing;
    const error = firing.error === null ? null : storableText(firing.error);
    const expected = [new Date(nextDueAt ?? 0), new Date(updatedAt)] as const;
    const next = dateOf(firing.nextDueAt);
    const query = advanceSchedule(id, ...expected, new Date(dueAt), outcome, runId, error, next);
    const [rows] = await this.#transactor.run({ tenant: tenantId }, [query]);
    return rows.length > 0;
  }

  async findDue(before: number, limit: number): Promise<{ tenantId: string; id: string; dueAt: number }[]> {
    const rows = await this.#transactor.read('system', findDueSchedules(new Date(before), limit));
    return rows.map((row) => ({ tenantId: row.tenant_id, id: row.id, dueAt: row.next_due_at }));
  }
}

function valuesOf(schedule: NewSchedule): ScheduleValues {
  const { id, tenantId, agent, sessionId, cron, missed, overlap, enabled, requestedBy } = schedule;
  const { userId, keyId, role, name } = requestedBy;
  return [
    id,
    tenantId,
    storableText(schedule.name),
    agent,
    storableText(schedule.input),
    sessionId,
    JSON.stringify(schedule.metadata),
    cron,
    dateOf(schedule.at),
    schedule.timeZone,
    missed,
    overlap,
    enabled,
    userId,
    keyId,
    role,
    storableText(name),
    dateOf(schedule.nextDueAt),
  ];
}

function dateOf(instant: number | null): Date | null {
  return instant === null ? null : new Date(instant);
}

function toScheduleRecord(row: ScheduleRow): ScheduleRecord {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    name: row.name,
    agent: row.agent,
    input: row.input,
    sessionId: row.session_id,
    metadata: row.metadata,
    cron: row.cron,
    at: row.at,
    timeZone: row.time_zone,
    missed: row.missed,
    overlap: row.overlap,
    enabled: row.enabled,
    requestedBy: {
      userId: row.requested_by_user,
      keyId: row.requested_by_key,
      role: row.requested_by_role,
      name: row.requested_by_name,
    },
    nextDueAt: row.next_due_at,
    lastDueAt: row.last_due_at,
    lastOutcome: row.last_outcome,
    lastRunId: row.last_run_id,
    lastError: row.last_error,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
