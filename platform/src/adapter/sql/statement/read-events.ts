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
 * The last place that the fold of a session need not read: before what its last compaction keeps, and before the first
 * event of every run that has not ended and of the latest run. 0 when nothing was compacted.
 */
export const readFoldStart = statement<{ after_seq: number }, readonly [sessionId: string]>(
  'read-fold-start',
  `
  with compaction as (
    select (data -> 'kept_from_seq')::text::integer as kept_from from events
    where session_id = $1 and kind = 'history-compacted' order by seq desc limit 1
  ), needed as (
    select kept_from as seq from compaction
    union all
    select min(started_seq) from runs where session_id = $1 and status in ('queued', 'running', 'waiting')
    union all
    (select started_seq from runs where session_id = $1 and started_seq is not null
     order by started_seq desc limit 1)
  )
  select coalesce((select min(seq) - 1 from needed where exists (select 1 from compaction)), 0) as after_seq`,
);
