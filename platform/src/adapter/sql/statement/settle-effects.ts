import { statement } from '../statement.ts';

/** Settles claimed effects. Ends the transaction when one of them was not claimed, or was settled before. */
export const settleEffects = statement<
  { settled: string },
  readonly [runId: string, callIds: readonly string[], outcomes: readonly string[]]
>(
  'settle-effects',
  `
  with settled as (
    update effects set outcome = settlement.outcome, settled_at = now()
    from unnest($2::text[], $3::text[]) as settlement (call_id, outcome)
    where effects.run_id = $1 and effects.call_id = settlement.call_id and effects.outcome is null
    returning effects.call_id
  )
  select case when (select count(*) from settled) = cardinality($2::text[]) then 'settled'
    else refuse_write('settled') end as settled`,
);
