import { runColumns, type RunRow } from '../run-row.ts';
import { statement } from '../statement.ts';

/** Values of `acceptRun`, in order. */
export type AcceptValues = readonly [
  runId: string,
  tenantId: string,
  sessionId: string,
  agent: string,
  definitionHash: string,
  definition: string | null,
  parentRunId: string | null,
  parentCallId: string | null,
  idempotencyKey: string | null,
  requestHash: string | null,
  input: string,
  metadata: string,
  isNewSession: boolean,
  title: string,
  sessionMetadata: string,
  sessionParentRunId: string | null,
  startWorker: string | null,
  queueLimit: number,
  eventKinds: readonly string[],
  eventVersions: readonly number[],
  eventData: string,
  requestedByUser: string | null,
  requestedByKey: string | null,
  requestedByRole: string,
  requestedByName: string,
  ownerId: string | null,
  requestedByAddress: string | null,
  visibleTo: string | null,
  ancestors: string | null,
];

/**
 * Stores a run, its new session and the first events of a run that starts at once. No row comes back, and nothing is
 * written, when the idempotency key is taken, the session is unknown, not visible or another agent's, or the queue is full: the
 * caller then looks which it was. For an existing session `lockSession` must stand before it in the transaction.
 */
export const acceptRun = statement<RunRow, AcceptValues>(
  'accept-run',
  `
  with wish as (
    select $17::text is not null and ($13::boolean or not exists (
      select 1 from runs where session_id = $3 and status in ('queued', 'running', 'waiting')
    )) as granted
  ), allowed as (
    select granted from wish
    where (granted or $18::integer > (
        select count(*) from (
          select 1 from runs where tenant_id = $2 and status = 'queued' limit $18::integer
        ) queued
      ))
      and ($13 or exists (
        select 1 from sessions where id = $3 and agent = $4 and ($28::text is null or owner_id = $28)
      ))
  ), known_definition as (
    insert into agent_definitions (tenant_id, hash, definition)
    select $2, $5, $6::json where $6::json is not null
    on conflict do nothing
  ), accepted as (
    insert into runs (id, tenant_id, session_id, agent, definition_hash, parent_run_id, parent_call_id,
      idempotency_key, request_hash, input, metadata, ancestors, status, lease_worker, lease_epoch, started_seq, started_at,
      requested_by_user, requested_by_key, requested_by_role, requested_by_name, owner_id, requested_by_address)
    select $1, $2, $3, $4, $5, $7, $8, $9, $10, $11::json, $12::json, $29::json,
      case when granted then 'running' else 'queued' end,
      case when granted then $17 end,
      case when granted then 1 else 0 end,
      case when granted and $13 and cardinality($19::text[]) > 0 then 1 end,
      case when granted and $13 and cardinality($19::text[]) > 0 then now() end,
      $22, $23, $24, $25, case when $13 then $26 else (select owner_id from sessions where id = $3) end, $27
    from allowed
    on conflict (tenant_id, idempotency_key) where idempotency_key is not null do nothing
    returning *
  ), new_session as (
    insert into sessions (id, tenant_id, agent, title, metadata, parent_run_id, owner_id)
    select $3, $2, $4, $14, $15::json, $16, $26 from accepted where $13
  ), continued_session as (
    update sessions set updated_at = now()
    where id = $3 and not $13 and exists (select 1 from accepted)
  ), written as (
    insert into events (session_id, seq, epoch, version, tenant_id, run_id, kind, data)
    select $3, event.place, 1, event.version, $2, $1, event.kind, event.data
    from accepted cross join rows from (
      unnest($19::text[], $20::smallint[]), json_array_elements($21::json)
    ) with ordinality as event (kind, version, data, place)
    where accepted.started_seq is not null
  )
  select ${runColumns('accepted')} from accepted`,
);

/** Makes later accepts of the same session wait for this transaction, so that each sees the runs of the one before. */
export const lockSession = statement<{ agent: string }, readonly [sessionId: string]>(
  'lock-session',
  'select agent from sessions where id = $1 for no key update',
);
