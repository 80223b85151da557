import type { AgentDefinition } from '@batuta/contract';
import { runColumns, type RunRow } from '../run-row.ts';
import { statement } from '../statement.ts';

/** One run of the tenant. */
export const readRun = statement<RunRow, readonly [runId: string]>(
  'read-run',
  `select ${runColumns('runs')} from runs where id = $1`,
);

/** An agent's definition by the hash of its content. */
export const readDefinition = statement<
  { definition: AgentDefinition },
  readonly [tenantId: string, hash: string]
>('read-definition', 'select definition from agent_definitions where tenant_id = $1 and hash = $2');

/** The run that an idempotency key was used for, with the hash of its request. */
export const readRunOfKey = statement<RunRow & { request_hash: string }, readonly [key: string]>(
  'read-run-of-key',
  `select ${runColumns('runs')}, request_hash from runs
   where idempotency_key = $1 and tenant_id = current_setting('batuta.tenant')`,
);

/** Number of queued runs of the tenant, counted up to a limit. */
export const countQueued = statement<{ count: number }, readonly [tenantId: string, limit: number]>(
  'count-queued',
  `select count(*)::integer as count from (
     select 1 from runs where tenant_id = $1 and status = 'queued' limit $2
   ) queued`,
);

/** The epoch of the lease that wrote the event at a place of a session's log, and when. */
export const readWriter = statement<
  { run_id: string; epoch: number; at: number },
  readonly [sessionId: string, seq: number]
>('read-writer', 'select run_id, epoch, at from events where session_id = $1 and seq = $2');

/** Runs of a parent that have not ended. */
export const readLiveChildren = statement<{ id: string }, readonly [parentRunId: string]>(
  'read-live-children',
  `select id from runs where parent_run_id = $1 and status in ('queued', 'running', 'waiting') order by id`,
);

/** Ends a run that no worker ever took. */
export const cancelUnstarted = statement<RunRow, readonly [runId: string]>(
  'cancel-unstarted',
  `update runs set status = 'cancelled', ended_at = now()
   where id = $1 and status = 'queued' and started_seq is null and lease_epoch = 0
   returning ${runColumns('runs')}`,
);
