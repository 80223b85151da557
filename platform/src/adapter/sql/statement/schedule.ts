import type { FiringOutcome, JsonObject, MissedPolicy, OverlapPolicy, Role } from '@batuta/contract';
import { statement } from '../statement.ts';

/** A row of `schedules`. */
export interface ScheduleRow {
  id: string;
  tenant_id: string;
  name: string;
  agent: string;
  input: string;
  session_id: string | null;
  metadata: JsonObject;
  cron: string | null;
  at: number | null;
  time_zone: string;
  missed: MissedPolicy;
  overlap: OverlapPolicy;
  enabled: boolean;
  requested_by_user: string | null;
  requested_by_key: string | null;
  requested_by_role: Role;
  requested_by_name: string;
  next_due_at: number | null;
  last_due_at: number | null;
  last_outcome: FiringOutcome | null;
  last_run_id: string | null;
  last_error: string | null;
  created_at: number;
  updated_at: number;
}

const written = `id, tenant_id, name, agent, input, session_id, metadata, cron, at, time_zone, missed, overlap, enabled,
  requested_by_user, requested_by_key, requested_by_role, requested_by_name, next_due_at`;
const columns = `${written}, last_due_at, last_outcome, last_run_id, last_error, created_at, updated_at`;

/** Everything that people write of a schedule, and what follows from it. */
export type ScheduleValues = readonly [
  id: string,
  tenantId: string,
  name: string,
  agent: string,
  input: string,
  sessionId: string | null,
  metadata: string,
  cron: string | null,
  at: Date | null,
  timeZone: string,
  missed: string,
  overlap: string,
  enabled: boolean,
  requestedByUser: string | null,
  requestedByKey: string | null,
  requestedByRole: string,
  requestedByName: string,
  nextDueAt: Date | null,
];

/** Stores a schedule; no row comes back when the tenant has as many as it may have. */
export const addSchedule = statement<ScheduleRow, readonly [...ScheduleValues, limit: number]>(
  'add-schedule',
  `insert into schedules (${written})
   select $1, $2, $3, $4, $5, $6, $7::json, $8, $9::timestamptz, $10, $11, $12, $13::boolean, $14, $15, $16, $17,
     $18::timestamptz
   where (select count(*) from schedules where tenant_id = $2) < $19::integer
   returning ${columns}`,
);

/** Writes anew what people write of a schedule. */
export const replaceSchedule = statement<ScheduleRow, ScheduleValues>(
  'replace-schedule',
  `update schedules set name = $3, agent = $4, input = $5, session_id = $6, metadata = $7::json, cron = $8, at = $9,
     time_zone = $10, missed = $11, overlap = $12, enabled = $13, requested_by_user = $14, requested_by_key = $15,
     requested_by_role = $16, requested_by_name = $17, next_due_at = $18, updated_at = now()
   where id = $1 and tenant_id = $2
   returning ${columns}`,
);

/** One schedule of the tenant. */
export const readSchedule = statement<ScheduleRow, readonly [id: string]>(
  'read-schedule',
  `select ${columns} from schedules where id = $1`,
);

/** Schedules of the tenant, newest first. */
export const listSchedules = statement<
  ScheduleRow,
  readonly [tenantId: string, before: string | null, limit: number]
>(
  'list-schedules',
  `select ${columns} from schedules where tenant_id = $1 and ($2::text is null or id < $2)
   order by id desc limit $3`,
);

/** Deletes a schedule. */
export const deleteSchedule = statement<{ id: string }, readonly [id: string]>(
  'delete-schedule',
  'delete from schedules where id = $1 returning id',
);

/** Records what came of a time, if nobody has and the schedule is as it was. */
export const advanceSchedule = statement<
  { id: string },
  readonly [
    id: string,
    expectedDueAt: Date,
    expectedUpdate: Date,
    dueAt: Date,
    outcome: string,
    runId: string | null,
    error: string | null,
    nextDueAt: Date | null,
  ]
>(
  'advance-schedule',
  `update schedules set last_due_at = $4, last_outcome = $5, last_run_id = coalesce($6, last_run_id), last_error = $7,
     next_due_at = $8
   where id = $1 and enabled and next_due_at = $2 and updated_at = $3
   returning id`,
);

/** Over all tenants: enabled schedules whose next time lies before a time. */
export const findDueSchedules = statement<
  { tenant_id: string; id: string; next_due_at: number },
  readonly [before: Date, limit: number]
>(
  'find-due-schedules',
  `select tenant_id, id, next_due_at from schedules
   where enabled and next_due_at is not null and next_due_at < $1
   order by next_due_at limit $2`,
);
