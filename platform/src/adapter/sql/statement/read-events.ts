import type { JsonObject } from '@batuta/contract';
import { statement } from '../statement.ts';

/** A row of `events`. */
export interface StoredEventRow {
  session_id: string;
  seq: number;
  run_id: string;
  kind: string;
  version: number;
  at: number;
  data: JsonObject;
}

/** Events of a session after a place, in order. */
export const readEvents = statement<
  StoredEventRow,
  readonly [sessionId: string, afterSeq: number, limit: number]
>(
  'read-events',
  `select session_id, seq, run_id, kind, version, at, data from events
   where session_id = $1 and seq > $2 order by seq limit $3`,
);

/**
 * The data of the last compaction of a session. It is taken apart by the program: PostgreSQL cannot look into a document that
 * holds U+0000 anywhere.
 */
export const readLastCompaction = statement<{ data: JsonObject }, readonly [sessionId: string]>(
  'read-last-compaction',
  `select data from events where session_id = $1 and kind = 'history-compacted' order by seq desc limit 1`,
);

/** The first event of the runs that have not ended and of the latest run, whichever is earliest. */
export const readFirstNeeded = statement<{ seq: number | null }, readonly [sessionId: string]>(
  'read-first-needed',
  `
  select least(
    (select min(started_seq) from runs where session_id = $1 and status in ('queued', 'running', 'waiting')),
    (select max(started_seq) from runs where session_id = $1)
  ) as seq`,
);
