import { BatutaError, isEnded, type AcceptedRunBody, type CreateRun, type Role } from '@batuta/contract';
import { presentOwner } from '../../domain/schedule/present-owner.ts';
import { scopesOf } from '../../domain/identity/permissions.ts';
import { planFiring, singleTime, type Times } from '../../domain/schedule/plan-firing.ts';
import type { CronCalendar } from '../../port/cron-calendar.ts';
import type { ScheduleRecord } from '../../port/schedule-store.ts';
import type { Identity } from '../access/identity.ts';
import { instant } from '../run/render-run.ts';
import type { ScheduleContext } from './schedule-context.ts';

/** What firing takes. */
export type FiringContext = Pick<
  ScheduleContext,
  'schedules' | 'owners' | 'calendar' | 'runs' | 'clock' | 'log' | 'probe' | 'acceptor'
>;

/** Between looks whether the run of the time before has ended. */
const queuePauseMs = 5_000;
/** Until a run is tried again that could not be taken for now. */
const busyPauseMs = 15_000;

/** Errors that pass: the time is not given up. */
const passing = ['queue-full', 'server-stopping', 'database-unreachable', 'rate-limited'] as const;

/**
 * Starts the runs of a schedule that are due, and gives when to look again (null: never).
 *
 * Each time has one run, whoever fires it and however often: the run's idempotency key is the schedule and the time, and what came of a
 * time is recorded only if nobody else has. A process that dies in between leaves the time due, and the next one finds the run there.
 */
export async function fireSchedule(
  context: FiringContext,
  { tenantId, id }: { tenantId: string; id: string },
): Promise<number | null> {
  const { schedules, clock } = context;
  for (;;) {
    const record = await schedules.get(tenantId, id);
    if (!record?.enabled || record.nextDueAt === null) return null;
    const now = clock.now();
    if (record.nextDueAt > now) return record.nextDueAt;
    const wait = await settleNext(context, { ...record, nextDueAt: record.nextDueAt }, now);
    if (wait !== null) return now + wait;
  }
}

type DueSchedule = ScheduleRecord & { nextDueAt: number };

const nothing = { runId: null, error: null };

/** Settles the first time that is due, and times that come to nothing; a number is how long to wait before it can be settled. */
async function settleNext(context: FiringContext, record: DueSchedule, now: number): Promise<number | null> {
  const owner = await ownerOf(context, record);
  if ('role' in owner) return await settleOwned(context, { ...record, ...owner }, now);
  await withhold(context, record, { now, reason: owner.withheld });
  return null;
}

async function settleOwned(
  context: FiringContext,
  record: DueSchedule & OwnedSchedule,
  now: number,
): Promise<number | null> {
  const { schedules, calendar } = context;
  const times = timesOf(calendar, record);
  const last = await lastRun(context, record);
  if (last?.isUnderWay) {
    if (record.overlap === 'queue') return queuePauseMs;
    const [dueAt = record.nextDueAt] = times.previous(now, 1);
    await schedules.advance(record, { ...nothing, dueAt, outcome: 'skipped', nextDueAt: times.next(now) });
    return null;
  }
  const queuedUntil = record.overlap === 'queue' ? (last?.endedAt ?? null) : null;
  const { nextDueAt, missed } = record;
  const plan = planFiring(times, { dueAt: nextDueAt, now, missed, queuedUntil });
  const [dueAt, ...later] = plan.fire;
  if (dueAt !== undefined) return await fireOne(context, record, { dueAt, nextDueAt: later[0] ?? plan.next });
  await schedules.advance(record, { ...nothing, dueAt: nextDueAt, outcome: 'missed', nextDueAt: plan.next });
  return null;
}

/** What the one is now in whose name a schedule starts runs. */
async function ownerOf({ owners }: FiringContext, { tenantId, requestedBy }: ScheduleRecord) {
  const [standing] = await owners.owners(tenantId, [requestedBy]);
  return standing ? presentOwner(requestedBy, standing) : { withheld: 'Its owner is unknown.' };
}

/** All times up to now are over: they are not made up for when the owner is back. */
async function withhold(
  { schedules, calendar, log }: FiringContext,
  record: DueSchedule,
  { now, reason }: { now: number; reason: string },
): Promise<void> {
  const times = timesOf(calendar, record);
  const [dueAt = record.nextDueAt] = times.previous(now, 1);
  const firing = { dueAt, outcome: 'withheld', runId: null, error: reason } as const;
  if (await schedules.advance(record, { ...firing, nextDueAt: times.next(now) }))
    log.warn('a schedule starts no runs at present', { schedule_id: record.id, reason });
}

/** A schedule, and the role that its owner has now. */
type OwnedSchedule = ScheduleRecord & { role: Role };

/** Starts the run of one time; a number is how long to wait before that can be tried again. */
async function fireOne(
  context: FiringContext,
  record: OwnedSchedule,
  time: { dueAt: number; nextDueAt: number | null },
): Promise<number | null> {
  const { schedules, log } = context;
  try {
    const { id: runId } = await startRun(context, record, time.dueAt);
    await schedules.advance(record, { ...time, outcome: 'started', runId, error: null });
  } catch (error) {
    if (!BatutaError.is(error)) throw error;
    if (passing.some((code) => code === error.code)) return busyPauseMs;
    log.warn('a schedule could not start its run', { schedule_id: record.id, error });
    const sentence = error.message.slice(0, 500);
    await schedules.advance(record, { ...time, outcome: 'failed', runId: null, error: sentence });
  }
  return null;
}

/** Whether the run of the time before goes on, and when it ended. */
async function lastRun(
  { runs }: FiringContext,
  { tenantId, lastRunId }: ScheduleRecord,
): Promise<{ isUnderWay: boolean; endedAt: number | null } | undefined> {
  const run = lastRunId === null ? undefined : await runs.get(tenantId, lastRunId);
  return run && { isUnderWay: !isEnded(run.status), endedAt: run.endedAt };
}

async function startRun(
  { acceptor, probe }: FiringContext,
  record: OwnedSchedule,
  dueAt: number,
): Promise<Pick<AcceptedRunBody, 'id'>> {
  try {
    const run = await acceptor.accept(identityOf(record), runOf(record, dueAt), firingKey(record.id, dueAt));
    await probe.reach('schedule-fired', { runId: run.id });
    return run;
  } catch (error) {
    // The schedule was changed after a process had started the run and died: it is the run of this time all the same.
    if (BatutaError.has(error, 'idempotency-key-reused')) return { id: error.data.id };
    throw error;
  }
}

/** No key of a client can be the same: theirs have no spaces. */
function firingKey(id: string, dueAt: number): string {
  return `schedule ${id} ${instant(dueAt)}`;
}

/** What a schedule asks for. */
export function runOf(record: ScheduleRecord, dueAt: number | null): CreateRun {
  const { agent, input, sessionId, id } = record;
  const due = dueAt === null ? {} : { due_at: instant(dueAt) };
  return {
    agent,
    input,
    ...(sessionId === null ? {} : { session_id: sessionId }),
    metadata: { ...record.metadata, schedule_id: id, ...due },
  };
}

/** The one in whose name a schedule starts runs, as they are now. */
function identityOf({ tenantId, requestedBy, role }: OwnedSchedule): Identity {
  return { ...requestedBy, role, tenantId, scopes: scopesOf(role), address: null };
}

/** The times of a schedule. */
export function timesOf(
  calendar: CronCalendar,
  { cron, at, timeZone }: Pick<ScheduleRecord, 'cron' | 'at' | 'timeZone'>,
): Times {
  if (cron === null) return singleTime(at ?? 0);
  const times = { cron, timeZone };
  return {
    next: (after) => calendar.next(times, after, 1)[0] ?? null,
    previous: (upTo, count) => calendar.previous(times, upTo, count),
  };
}
