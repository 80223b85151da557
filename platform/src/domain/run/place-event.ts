import { eventVersions, type Event, type NewEvent } from '@batuta/contract';

/** Where and when an event stands. */
export interface EventPlace {
  seq: number;
  sessionId: string;
  runId: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** The last instant that was written out: events come in groups, and each is placed twice. */
const last = { at: Number.NaN, instant: '' };

function instantOf(at: number): string {
  if (last.at !== at) {
    last.instant = new Date(at).toISOString();
    last.at = at;
  }
  return last.instant;
}

/** Gives a new event its envelope: its place in the log and the present version of its kind. */
export function placeEvent({ kind, data }: NewEvent, { seq, sessionId, runId, at }: EventPlace): Event {
  // Kind and data belong together in the parameter; taking them apart hides that from the compiler.
  return {
    seq,
    session_id: sessionId,
    run_id: runId,
    kind,
    version: eventVersions[kind],
    at: instantOf(at),
    data,
  } as Event;
}
