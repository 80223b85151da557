import { statement } from '../statement.ts';

/** A session and the sessions of the child runs under it. */
export const readSessionTree = statement<{ id: string }, readonly [sessionId: string]>(
  'read-session-tree',
  `
  with recursive tree as (
    select id from sessions where id = $1
    union
    select child.id from tree
    join runs parent on parent.session_id = tree.id
    join sessions child on child.parent_run_id = parent.id
  )
  select id from tree`,
);

/** Keeps everybody else from adding to sessions until the transaction ends. */
export const lockSessions = statement<{ id: string }, readonly [sessionIds: readonly string[]]>(
  'lock-sessions',
  'select id from sessions where id = any($1::text[]) order by id for update',
);

/** A run of these sessions that has not ended. */
export const readUnfinished = statement<
  { id: string; session_id: string },
  readonly [sessionIds: readonly string[]]
>(
  'read-unfinished',
  `select id, session_id from runs
   where session_id = any($1::text[]) and status in ('queued', 'running', 'waiting') limit 1`,
);

/** Hands files over to a fork whose copied events name them. */
export const handOverArtifacts = statement<never, readonly [sessionIds: readonly string[]]>(
  'hand-over-artifacts',
  `
  update artifacts set session_id = heir.id
  from sessions heir
  where artifacts.session_id = any($1::text[]) and heir.forked_from_session = artifacts.session_id
    and not heir.id = any($1::text[])
    and exists (
      select 1 from events where events.session_id = heir.id and strpos(events.data::text, artifacts.id) > 0
    )`,
);

/** Deletes sessions with all that belongs to them. Money stays in the ledger. */
export const deleteSessions = statement<never, readonly [sessionIds: readonly string[]]>(
  'delete-sessions',
  `
  with gone as (
    delete from runs where session_id = any($1::text[]) returning id
  ), gone_signals as (
    delete from run_signals using gone where run_signals.run_id = gone.id
  ), gone_effects as (
    delete from effects using gone where effects.run_id = gone.id
  ), gone_approvals as (
    delete from approvals using gone where approvals.run_id = gone.id
  ), gone_links as (
    delete from approval_links where session_id = any($1::text[])
  ), gone_artifacts as (
    delete from artifacts where session_id = any($1::text[])
  ), gone_workspaces as (
    delete from workspaces where session_id = any($1::text[])
  ), gone_windows as (
    delete from browser_windows where session_id = any($1::text[])
  ), gone_answers as (
    delete from cached_answers where session_id = any($1::text[])
  ), gone_events as (
    delete from events where session_id = any($1::text[])
  )
  delete from sessions where id = any($1::text[])`,
);
