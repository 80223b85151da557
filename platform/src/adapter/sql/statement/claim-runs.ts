import type { AgentDefinition, RunStatus } from '@batuta/contract';
import { runColumns, type RunRow } from '../run-row.ts';
import { statement } from '../statement.ts';

/** A claimed run with its definition and what it was before. */
export interface ClaimedRow extends RunRow {
  definition: AgentDefinition;
  previous_status: RunStatus;
  /** Tenant up to which a long queue was looked through; null: to its end. */
  looked_to: string | null;
}

/** Of each kind so many times the wanted runs are looked at first. When there are fewer, they are all. */
const lookedAt = 4;

/** Tenants of a long queue that one claim looks at; the next one goes on behind them. */
const mostTenants = 100;

/** With so many, as many runs of each are looked at as are wanted; with more, some of each are enough. */
const fewTenants = 8;

/** The next run of its session: none before it is unfinished, and none is under way. */
const isHead = `run.status = 'queued' and not exists (
      select 1 from runs other
      where other.session_id = run.session_id and other.status in ('queued', 'running', 'waiting')
        and (other.position < run.position or other.status <> 'queued') and other.id <> run.id
    )`;

const isDue = `run.status = 'waiting' and run.wake_at <= now()`;

/** Its worker's lease has expired. */
const isAbandoned = `run.status = 'running' and not exists (
      select 1 from workers worker where worker.id = run.lease_worker and worker.lease_until > now()
    )`;

const columns = 'run.id, run.tenant_id, run.position';

/** Takes the runs of `chosen` and gives them with their definitions. */
function take(lookedTo: string): string {
  return `
  claimed as (
    update runs set status = 'running', waiting_for = null, wake_at = null,
      lease_worker = $1, lease_epoch = runs.lease_epoch + 1
    from chosen where runs.id = chosen.id
    returning runs.*, chosen.status as previous_status
  )
  select ${runColumns('claimed')}, claimed.previous_status, agent_definitions.definition, ${lookedTo} as looked_to
  from claimed join agent_definitions
    on agent_definitions.tenant_id = claimed.tenant_id and agent_definitions.hash = claimed.definition_hash
  order by claimed.position`;
}

/**
 * The first runs of each tenant that a queue holds, where the first ones of all may be those of a few. It steps from tenant to tenant in
 * the index, so that it does not matter how many runs each of them has. Nothing is done where all are known already.
 *
 * A tenant is asked for by two inequalities, and the order names it: only the index by tenant serves that. By equality the planner may
 * walk the whole queue for a tenant whose runs are at its end.
 */
function ofEachTenant(kind: { name: string; isThere: string; inIndex: string; order: string }): string {
  const { name, isThere, inIndex, order } = kind;
  const next = (after: string) =>
    `(select tenant_id from runs where ${inIndex} and tenant_id > ${after} order by tenant_id limit 1)`;
  return `
  ${name}_tenants as (
    select ${next('$3::text')} as tenant_id, 1 as place where (select count(*) from ${name}) = $2 * ${lookedAt}
    union all
    select ${next('before.tenant_id')}, before.place + 1
    from ${name}_tenants before where before.tenant_id is not null and before.place < ${mostTenants}
  ), ${name}_of_each as (
    select first.* from ${name}_tenants tenant cross join lateral (
      select ${columns} from runs run
      where run.tenant_id >= tenant.tenant_id and run.tenant_id <= tenant.tenant_id and ${isThere}
      order by run.tenant_id, ${order}
      limit (select case when count(*) <= ${fewTenants} then $2 else 1 + $2 / 4 end from ${name}_tenants)
    ) first
    where tenant.tenant_id is not null
  )`;
}

const heads = { name: 'heads', isThere: isHead, inIndex: `status = 'queued'`, order: 'run.position' };
const due = {
  name: 'due',
  isThere: isDue,
  inIndex: `status = 'waiting' and wake_at is not null`,
  order: 'run.wake_at',
};

/**
 * Chooses, locks and takes runs, fairly between tenants.
 *
 * Three kinds of runs are there to be taken: heads of their session's queue, waiting ones whose time has come, and those of workers that
 * were lost. Where there are more than are wanted, a tenant's next run counts as many runs as the tenant then has under way; lower counts
 * come first, then older runs. So tenants share what there is evenly, a tenant that has little waits for nobody who has much, and one
 * that is alone may have everything. Only what is chosen is locked: rows that another claim has locked are passed over, and rows that it
 * has changed are looked at again as they are now.
 */
const fairly = `
  with recursive heads as materialized (
    select ${columns} from runs run where ${isHead} order by run.position limit $2 * ${lookedAt}
  ), due as materialized (
    select ${columns} from runs run where ${isDue} order by run.wake_at limit $2 * ${lookedAt}
  ), abandoned as materialized (
    select ${columns} from runs run where ${isAbandoned} order by run.position limit $2 * ${lookedAt}
  ), ${ofEachTenant(heads)}, ${ofEachTenant(due)}, there as materialized (
    select * from heads union select * from heads_of_each union select * from due union select * from due_of_each
    union select * from abandoned
  ), under_way as (
    select run.tenant_id, count(*) as runs from runs run
    where run.status = 'running' and (select count(*) from there) > $2 group by run.tenant_id
  ), ranked as (
    select there.id, there.position,
      coalesce(under_way.runs, 0) + row_number() over (partition by there.tenant_id order by there.position) as rank
    from there left join under_way on under_way.tenant_id = there.tenant_id
  ), chosen as (
    select locked.* from (select id from ranked order by rank, position) ranked cross join lateral (
      select run.id, run.status from runs run
      where run.id = ranked.id and ((${isHead}) or (${isDue}) or (${isAbandoned}))
      for no key update of run skip locked
    ) locked
    limit $2
  ), ${take(`(select tenant_id from heads_tenants where place = ${mostTenants})`)}`;

/** Those of a list, oldest first: whoever names them knows that there is room for all of them. */
const ofList = `
  with chosen as (
    select run.id, run.status from runs run
    where run.id = any($3::text[]) and ((${isHead}) or (${isDue}) or (${isAbandoned}))
    order by run.position limit $2 for no key update of run skip locked
  ), ${take('null::text')}`;

/** Takes any runs for a worker. `after`: tenants of a long queue up to this one were looked at before. */
export const claimRuns = statement<ClaimedRow, readonly [workerId: string, limit: number, after: string]>(
  'claim-runs',
  fairly,
);

/** Takes runs of a list for a worker. */
export const claimTheseRuns = statement<
  ClaimedRow,
  readonly [workerId: string, limit: number, runIds: readonly string[]]
>('claim-these-runs', ofList);
