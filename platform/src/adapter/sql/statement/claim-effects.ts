import { statement } from '../statement.ts';

/** Claims effects. Ends the transaction when one of them was settled before: it must never be executed again. */
export const claimEffects = statement<
  { claimed: string },
  readonly [
    runId: string,
    tenantId: string,
    callIds: readonly string[],
    tools: readonly string[],
    hashes: readonly string[],
    attempts: readonly number[],
  ]
>(
  'claim-effects',
  `
  with claimed as (
    insert into effects (run_id, tenant_id, call_id, tool, arguments_hash, attempt)
    select $1, $2, effect.* from unnest($3::text[], $4::text[], $5::text[], $6::integer[]) as effect
    on conflict (run_id, call_id) do update set attempt = excluded.attempt, claimed_at = excluded.claimed_at
      where effects.outcome is null
    returning call_id
  )
  select case when (select count(*) from claimed) = cardinality($3::text[]) then 'claimed'
    else refuse_write('claimed') end as claimed`,
);
