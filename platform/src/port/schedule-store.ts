import type { FiringOutcome, JsonObject, MissedPolicy, OverlapPolicy } from '@batuta/contract';
import type { AuditEntry } from './audit-log.ts';
import type { Requester } from './run-record.ts';

/** What a schedule does and when: what people write. */
export interface ScheduleDefinition {
  name: string;
  agent: string;
  input: string;
  sessionId: string | null;
  metadata: JsonObject;
  /** Either this or `at`. */
  cron: string | null;
  at: number | null;
  timeZone: string;
  missed: MissedPolicy;
  overlap: OverlapPolicy;
  enabled: boolean;
}

/** A schedule as stored. */
export interface ScheduleRecord extends ScheduleDefinition {
  id: string;
  tenantId: string;
  /** In whose name runs are started. */
  requestedBy: Requester;
  /** The first time that nothing has come of yet; null when there is none. */
  nextDueAt: number | null;
  lastDueAt: number | null;
  lastOutcome: FiringOutcome | null;
  lastRunId: string | null;
  lastError: string | null;
  createdAt: number;
  updatedAt: number;
}

/** A schedule about to be stored or changed. */
export type NewSchedule = ScheduleDefinition &
  Pick<ScheduleRecord, 'id' | 'tenantId' | 'requestedBy' | 'nextDueAt'>;

/** What came of one time, and which is next. */
export interface Firing {
  dueAt: number;
  outcome: FiringOutcome;
  runId: string | null;
  error: string | null;
  nextDueAt: number | null;
}

/** Schedules of a tenant. Times are the caller's. */
export interface ScheduleStore {
  /** Errors: `schedule-limit-reached` (more than `limit` of the tenant). */
  add(schedule: NewSchedule, options: { limit: number; audit: AuditEntry }): Promise<ScheduleRecord>;
  get(tenantId: string, id: string): Promise<ScheduleRecord | undefined>;
  /** Newest first; `before` is the id of the last one of the page before. */
  list(tenantId: string, page: { before?: string; limit: number }): Promise<ScheduleRecord[]>;
  /** The schedule as it is afterwards; undefined when there is none. */
  replace(schedule: NewSchedule, audit: AuditEntry): Promise<ScheduleRecord | undefined>;
  /** False when there is none. */
  delete(target: { tenantId: string; id: string }, audit: AuditEntry): Promise<boolean>;
  /** Records what came of the time `record.nextDueAt`; false when somebody else has, or the schedule was changed: then nothing changes. */
  advance(record: ScheduleRecord, firing: Firing): Promise<boolean>;
  /** Over all tenants: enabled schedules whose next time lies before a time, earliest first. */
  findDue(before: number, limit: number): Promise<{ tenantId: string; id: string; dueAt: number }[]>;
}
