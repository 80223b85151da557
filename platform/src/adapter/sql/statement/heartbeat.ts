import { statement } from '../statement.ts';

/** Keeps a worker's leases valid, registers it the first time, and gives the runs that it holds. */
export const heartbeat = statement<
  { id: string; lease_epoch: number; signals_pending: number },
  readonly [workerId: string, ttlMs: number]
>(
  'heartbeat',
  `
  with beat as (
    insert into workers (id, lease_until) values ($1, now() + $2 * interval '1 millisecond')
    on conflict (id) do update set lease_until = excluded.lease_until
  )
  select id, lease_epoch, signals_pending from runs where lease_worker = $1 and status = 'running'`,
);

/** Gives back runs that a worker holds without knowing: anybody may take them at once. */
export const giveBackRuns = statement<never, readonly [workerId: string, runIds: readonly string[]]>(
  'give-back-runs',
  `update runs set lease_worker = null where lease_worker = $1 and id = any($2::text[]) and status = 'running'`,
);

/** Makes single leases of a worker expire at once. */
export const abandonLeases = statement<
  never,
  readonly [workerId: string, runIds: readonly string[], epochs: readonly number[]]
>(
  'abandon-leases',
  `
  update runs set lease_worker = null
  from unnest($2::text[], $3::integer[]) as lease (run_id, epoch)
  where runs.id = lease.run_id and runs.lease_epoch = lease.epoch and runs.lease_worker = $1
    and runs.status = 'running'`,
);

/** Makes the leases of a worker expire at once. */
export const retireWorker = statement<never, readonly [workerId: string]>(
  'retire-worker',
  'delete from workers where id = $1',
);

/** Makes the leases of all other workers expire at once. */
export const retireOtherWorkers = statement<never, readonly [workerId: string]>(
  'retire-other-workers',
  'delete from workers where id <> $1',
);

/** Forgets workers that died long ago. */
export const forgetWorkers = statement<never, readonly []>(
  'forget-workers',
  `delete from workers where lease_until < now() - interval '1 day'`,
);
