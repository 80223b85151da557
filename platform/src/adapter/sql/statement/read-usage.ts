import { statement } from '../statement.ts';

/** Usage of one group. */
export interface UsageRow {
  day: string | null;
  model: string | null;
  agent: string | null;
  user_id: string | null;
  calls: number;
  input_tokens: number;
  cached_input_tokens: number;
  cache_write_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  micros: number;
}

const amounts = [
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'micros',
] as const;

/** Usage from the ledger and from the days that were added up, grouped by what the flags name. */
export const readUsage = statement<
  UsageRow,
  readonly [
    from: string,
    to: string,
    timeZone: string,
    byDay: boolean,
    byModel: boolean,
    byAgent: boolean,
    byUser: boolean,
    agent: string | null,
    model: string | null,
    user: string | null,
    limit: number,
  ]
>(
  'read-usage',
  `
  with spent as (
    select (at at time zone $3)::date as day, model, coalesce(agent, '') as agent, coalesce(user_id, '') as user_id, 1::bigint as calls,
      ${amounts.join(', ')}
    from ledger
    where kind in ('settle', 'lost')
      and at >= ($1::date::timestamp at time zone $3) and at < (($2::date + 1)::timestamp at time zone $3)
    union all
    select day, model, agent, user_id, calls, ${amounts.join(', ')} from usage_days
    where day between $1::date and $2::date
  )
  select case when $4::boolean then to_char(day, 'YYYY-MM-DD') end as day, case when $5::boolean then model end as model,
    case when $6::boolean then agent end as agent, case when $7::boolean then user_id end as user_id,
    sum(calls)::bigint as calls, ${amounts.map((name) => `sum(${name})::bigint as ${name}`).join(', ')}
  from spent
  where ($8::text is null or agent = $8) and ($9::text is null or model = $9) and ($10::text is null or user_id = $10)
  group by 1, 2, 3, 4 order by 1, 2, 3, 4 limit $11`,
);

/** What the newest ended runs cost. */
export const readRunCosts = statement<
  { runs: number; average: number; p90: number },
  readonly [agent: string | null, limit: number]
>(
  'read-run-costs',
  `
  with newest as (
    select cost_micros from runs
    where parent_run_id is null and status in ('succeeded', 'failed', 'cancelled') and cost_micros is not null
      and turns > 0 and ($1::text is null or agent = $1)
    order by id desc limit $2
  )
  select count(*)::integer as runs, coalesce(avg(cost_micros), 0)::float8 as average,
    coalesce(percentile_cont(0.9) within group (order by cost_micros), 0)::float8 as p90
  from newest`,
);

/** Adds old movements up by day. A reservation that is not closed stays. */
export const rollUpLedger = statement<
  { entries: number },
  readonly [olderThanDays: number, timeZone: string, limit: number]
>(
  'roll-up-ledger',
  `
  with old as (
    select run_id, reservation_id from ledger
    where kind in ('settle', 'lost', 'release')
      and at < ((now() at time zone $2)::date - $1::integer)::timestamp at time zone $2
    order by at limit $3
  ), gone as (
    delete from ledger using old
    where ledger.run_id = old.run_id and ledger.reservation_id = old.reservation_id
    returning ledger.*
  ), summed as (
    select tenant_id, (at at time zone $2)::date as day, model, coalesce(agent, '') as agent, coalesce(user_id, '') as user_id,
      count(*) as calls, ${amounts.map((name) => `sum(${name})::bigint as ${name}`).join(', ')}
    from gone where kind in ('settle', 'lost') group by 1, 2, 3, 4, 5
  ), kept as (
    insert into usage_days (tenant_id, day, model, agent, user_id, calls, ${amounts.join(', ')})
    select * from summed
    on conflict (tenant_id, day, model, agent, user_id) do update set calls = usage_days.calls + excluded.calls,
      ${amounts.map((name) => `${name} = usage_days.${name} + excluded.${name}`).join(', ')}
  )
  select (select count(*) from old)::integer as entries`,
);
