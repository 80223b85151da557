import { statement } from '../statement.ts';

/** Ends approvals without a decision; those that have one stay as they are. */
export const withdrawApprovals = statement<never, readonly [ids: readonly string[]]>(
  'withdraw-approvals',
  `update approvals set closed = 'withdrawn'
   where id = any($1::text[]) and decision is null and closed is null`,
);

/**
 * Lets approvals expire. Ends the transaction when somebody has decided one of them: whoever decides locks the run's row first, as the
 * commit did before, so that either the decision is seen here or the decision sees that it comes too late.
 */
export const expireApprovals = statement<{ expired: string }, readonly [ids: readonly string[]]>(
  'expire-approvals',
  `
  with expired as (
    update approvals set closed = 'expired'
    where id = any($1::text[]) and decision is null and closed is null
    returning id
  )
  select case when (select count(*) from expired) = cardinality($1::text[]) then 'expired'
    else refuse_write('decided') end as expired`,
);
