import { statement } from '../statement.ts';

/** Makes sure that an account has a row for itself and each of its slices, so that they can be locked. */
export const makeSlices = statement<never, readonly [tenantId: string, account: string, slices: number]>(
  'make-slices',
  `insert into budget_usage (tenant_id, account, slice, spent, reserved)
   select $1, $2, slice, 0, 0 from generate_series(0, $3::integer) as slice order by slice
   on conflict do nothing`,
);

/** How many times what is asked for each slice must be able to get, so that lending is worth while. */
const farTimes = 16;

/**
 * Locks all rows of an account, counts it exactly, and lends anew: while the limit is far, half of what is free in equal parts to the
 * slices; near it, or when there are none, nothing. What slices were lent and have not used comes back first.
 */
export const makeRoom = statement<
  { spent: number; reserved: number; free: number; part: number },
  readonly [tenantId: string, account: string, limit: number, micros: number, slices: number]
>(
  'make-room',
  `
  with row as materialized (
    select slice, spent, reserved from budget_usage
    where tenant_id = $1 and account = $2 order by slice for update
  ), total as (
    select sum(spent)::bigint as spent, sum(reserved)::bigint as reserved,
      coalesce(sum(spent + reserved) filter (where slice > 0), 0)::bigint as used_in_slices,
      $3::bigint - sum(spent + reserved)::bigint as free
    from row
  ), plan as (
    select total.*, case
      when $5::integer > 0 and free >= $4::bigint * $5::integer * ${farTimes} * 2 then free / ($5::integer * 2)
      else 0 end as part
    from total
  ), lent as (
    update budget_usage as usage set lent = case
      when usage.slice = 0 then plan.used_in_slices + plan.part * $5::integer
      when usage.slice <= $5::integer then row.spent + row.reserved + plan.part
      else row.spent + row.reserved end
    from row cross join plan
    where usage.tenant_id = $1 and usage.account = $2 and usage.slice = row.slice
  )
  select spent, reserved, free, part from plan`,
);
