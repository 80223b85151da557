import type { JsonObject, Schedule } from '@batuta/contract';
import { presentOwner } from '../../domain/schedule/present-owner.ts';
import type { ScheduleDefinition, ScheduleRecord } from '../../port/schedule-store.ts';
import { instant } from '../run/render-run.ts';
import type { ScheduleContext } from './schedule-context.ts';

/** Times that are shown ahead. */
const shownAhead = 5;

/** Schedules of one tenant as the API shows them; what their owners are now is looked up once for all. */
export async function renderSchedules(
  context: ScheduleContext,
  tenantId: string,
  records: readonly ScheduleRecord[],
): Promise<Schedule[]> {
  const requesters = records.map(({ requestedBy }) => requestedBy);
  const standings = records.length === 0 ? [] : await context.owners.owners(tenantId, requesters);
  return records.map((record, index) => {
    const standing = standings[index];
    const owner = standing && presentOwner(record.requestedBy, standing);
    return renderSchedule(context, record, owner && 'withheld' in owner ? owner.withheld : null);
  });
}

function renderSchedule(context: ScheduleContext, record: ScheduleRecord, withheld: string | null): Schedule {
  return {
    id: record.id,
    name: record.name,
    agent: record.agent,
    input: record.input,
    session_id: record.sessionId,
    metadata: record.metadata,
    cron: record.cron,
    at: instantOrNull(record.at),
    time_zone: record.timeZone,
    missed: record.missed,
    overlap: record.overlap,
    enabled: record.enabled,
    requested_by: record.requestedBy.name,
    withheld,
    upcoming: upcomingOf(context, record).map(instant),
    last_due_at: instantOrNull(record.lastDueAt),
    last_outcome: record.lastOutcome,
    last_run_id: record.lastRunId,
    last_error: record.lastError,
    created_at: instant(record.createdAt),
    updated_at: instant(record.updatedAt),
  };
}

/** What the audit log keeps of a schedule; what the agent is told is none of its business. */
export function describeSchedule(schedule: ScheduleDefinition): JsonObject {
  const { name, agent, sessionId, cron, at, timeZone, missed, overlap, enabled } = schedule;
  const when = { cron, at: instantOrNull(at), time_zone: timeZone };
  return { name, agent, session_id: sessionId, ...when, missed, overlap, enabled };
}

function upcomingOf({ calendar }: ScheduleContext, record: ScheduleRecord): number[] {
  const { enabled, nextDueAt, cron, timeZone } = record;
  if (!enabled || nextDueAt === null) return [];
  if (cron === null) return [nextDueAt];
  return [nextDueAt, ...calendar.next({ cron, timeZone }, nextDueAt, shownAhead - 1)];
}

function instantOrNull(milliseconds: number | null): string | null {
  return milliseconds === null ? null : instant(milliseconds);
}
