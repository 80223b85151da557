import { statement } from '../statement.ts';

/** Records that alerts are given. Ends the transaction when one of them was given before. */
export const giveAlerts = statement<
  { given: string },
  readonly [
    tenantId: string,
    runId: string,
    accounts: readonly string[],
    limits: readonly number[],
    thresholds: readonly number[],
  ]
>(
  'give-alerts',
  `
  with given as (
    insert into budget_alerts (tenant_id, run_id, account, limit_micros, threshold)
    select $1, $2, alert.* from unnest($3::text[], $4::bigint[], $5::integer[]) as alert order by 3, 4, 5
    on conflict do nothing
    returning threshold
  )
  select case when (select count(*) from given) = cardinality($3::text[]) then 'given'
    else refuse_write('alerted-before') end as given`,
);
