import type { MissedPolicy } from '@batuta/contract';

/** A time that is later than this was missed. */
const graceMs = 60_000;

/** Times that `run-all` makes up for at most, and times that wait for a run to end at most: the latest. */
const mostMadeUp = 100;
const mostQueued = 10;

/** The times of a schedule. */
export interface Times {
  /** The first time after this one. */
  next(after: number): number | null;
  /** The last times up to and with this one, latest first. */
  previous(upTo: number, count: number): number[];
}

/** What to do now. */
export interface FiringPlan {
  /** Times to start a run for, earliest first. */
  fire: number[];
  /** The time that comes after all of them. */
  next: number | null;
}

/** What decides about the times that have passed. */
export interface PassedTimes {
  /** The first time that nothing has come of. */
  dueAt: number;
  now: number;
  missed: MissedPolicy;
  /** Until when the run of the time before kept those that came meanwhile waiting; null where they do not wait. */
  queuedUntil: number | null;
}

/**
 * Which times of a schedule a run is started for. Times within the last minute are on time, and so are those that had to wait for a run to
 * end; what becomes of the others is the policy's. Pure, and the same for the same times: whoever plans again after a crash plans what
 * was planned before, unless more times have passed.
 */
export function planFiring(times: Times, { dueAt, now, missed, queuedUntil }: PassedTimes): FiringPlan {
  if (dueAt > now) return { fire: [], next: dueAt };
  const next = times.next(now);
  const latest = times.previous(now, mostMadeUp).filter((time) => time >= dueAt);
  const passed = latest.toReversed();
  const queued = passed.filter((time) => queuedUntil !== null && time <= queuedUntil).slice(-mostQueued);
  const onTime = passed.filter((time) => time >= now - graceMs || queued.includes(time));
  const isLate = onTime.length < passed.length;
  if (missed === 'run-all') return { fire: passed, next };
  if (missed === 'run-once' && isLate) return { fire: passed.slice(-1), next };
  return { fire: onTime, next };
}

/** The one time of a schedule without a cron expression. */
export function singleTime(at: number): Times {
  return {
    next: (after) => (after < at ? at : null),
    previous: (upTo) => (at <= upTo ? [at] : []),
  };
}
