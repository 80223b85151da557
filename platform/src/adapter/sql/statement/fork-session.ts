import type { JsonObject } from '@batuta/contract';
import { statement } from '../statement.ts';
import type { SessionRow } from './read-session.ts';

/** The event at a place of a session's log, or the last one when no place is given. */
export const readForkPoint = statement<
  { seq: number; run_id: string },
  readonly [sessionId: string, seq: number | null]
>(
  'read-fork-point',
  `select seq, run_id from events where session_id = $1 and ($2::integer is null or seq = $2)
   order by seq desc limit 1`,
);

/** Compactions of a log up to a place: the events whose data names places of the same log. */
export const readCompactions = statement<
  { seq: number; data: JsonObject },
  readonly [sessionId: string, toSeq: number]
>(
  'read-compactions',
  `select seq, data from events where session_id = $1 and kind = 'history-compacted' and seq <= $2`,
);

/**
 * Makes a session with a copy of another one's log. Its first event says where it comes from, so every copied event moves up
 * by one; `moved` are the events whose data had to move with them.
 */
export const forkSession = statement<
  SessionRow,
  readonly [
    sourceId: string,
    forkId: string,
    toSeq: number,
    forkedEvent: string,
    forkedVersion: number,
    runId: string,
    movedSeqs: readonly number[],
    movedData: string,
    ownerId: string | null,
  ]
>(
  'fork-session',
  `
  with fork as (
    insert into sessions (id, tenant_id, agent, title, metadata, forked_from_session, forked_from_seq,
      owner_id)
    select $2, tenant_id, agent, title, metadata, id, $3::integer, $9 from sessions where id = $1
    returning *
  ), first_event as (
    insert into events (session_id, seq, epoch, version, tenant_id, run_id, kind, data)
    select fork.id, 1, 0, $5::smallint, fork.tenant_id, $6, 'session-forked', $4::json from fork
  ), copied as (
    insert into events (session_id, seq, epoch, version, at, tenant_id, run_id, kind, data)
    select fork.id, event.seq + 1, 0, event.version, event.at, event.tenant_id, event.run_id, event.kind,
      coalesce(moved.data, event.data)
    from fork cross join events event
    left join rows from (unnest($7::integer[]), json_array_elements($8::json)) as moved (seq, data)
      on moved.seq = event.seq
    where event.session_id = $1 and event.seq <= $3
  )
  select id, tenant_id, agent, title, metadata, forked_from_session, forked_from_seq, parent_run_id, owner_id,
    created_at, updated_at
  from fork`,
);
