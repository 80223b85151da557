import type { AgentDefinition, RunStatus } from '@batuta/contract';
import { runColumns, type RunRow } from '../run-row.ts';
import { statement } from '../statement.ts';

/** A claimed run with its definition and what it was before. */
export interface ClaimedRow extends RunRow {
  definition: AgentDefinition;
  previous_status: RunStatus;
}

/**
 * Three ways in which a run is there to be taken, each locked row by row while it is chosen: rows that another claim has
 * locked are passed over, and rows that it has changed are looked at again as they are now.
 */
function claimText(narrowed: string): string {
  return `
  with head as (
    select run.id, run.position, run.status from runs run
    where run.status = 'queued' ${narrowed} and not exists (
      select 1 from runs other
      where other.session_id = run.session_id and other.status in ('queued', 'running', 'waiting')
        and (other.position < run.position or other.status <> 'queued') and other.id <> run.id
    )
    order by run.position limit $2 for no key update of run skip locked
  ), due as (
    select run.id, run.position, run.status from runs run
    where run.status = 'waiting' and run.wake_at <= now() ${narrowed}
    order by run.wake_at limit $2 for no key update of run skip locked
  ), abandoned as (
    select run.id, run.position, run.status from runs run
    where run.status = 'running' ${narrowed} and not exists (
      select 1 from workers worker where worker.id = run.lease_worker and worker.lease_until > now()
    )
    order by run.position limit $2 for no key update of run skip locked
  ), chosen as (
    select * from head union all select * from due union all select * from abandoned
    order by position limit $2
  ), claimed as (
    update runs set status = 'running', waiting_for = null, wake_at = null,
      lease_worker = $1, lease_epoch = runs.lease_epoch + 1
    from chosen where runs.id = chosen.id
    returning runs.*, chosen.status as previous_status
  )
  select ${runColumns('claimed')}, claimed.previous_status, agent_definitions.definition
  from claimed join agent_definitions
    on agent_definitions.tenant_id = claimed.tenant_id and agent_definitions.hash = claimed.definition_hash
  order by claimed.position`;
}

/** Takes any runs for a worker, oldest first. */
export const claimRuns = statement<ClaimedRow, readonly [workerId: string, limit: number]>(
  'claim-runs',
  claimText(''),
);

/** Takes runs of a list for a worker. */
export const claimTheseRuns = statement<
  ClaimedRow,
  readonly [workerId: string, limit: number, runIds: readonly string[]]
>('claim-these-runs', claimText('and run.id = any($3::text[])'));
