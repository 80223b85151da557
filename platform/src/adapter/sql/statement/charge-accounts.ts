import type { AccountState } from '../../../port/run-record.ts';
import { statement } from '../statement.ts';

/** Values of a charge: one element of each list for each account and slice. */
export type ChargeValues = readonly [
  tenantId: string,
  accounts: readonly string[],
  slices: readonly number[],
  spent: readonly number[],
  reserved: readonly number[],
  limits: readonly (number | null)[],
];

/**
 * Charges accounts, all or none: when one of them would pass its limit (or a slice what it was lent) the transaction ends. Rows are
 * locked in the order of their keys, here and wherever else they are changed, and always after rows of runs: no two
 * transactions can wait for each other. It stands last in its transaction, because other runs wait for its rows from here to the end.
 */
function chargeText(condition: string): string {
  return `
  with charge as (
    select * from unnest($2::text[] collate "C", $3::smallint[], $4::bigint[], $5::bigint[], $6::bigint[])
      as charge (account, slice, spent, reserved, ceiling)
    ${condition}
  ), charged as (
    insert into budget_usage as usage (tenant_id, account, slice, spent, reserved)
    select $1, account, slice, spent, reserved from charge order by account, slice
    on conflict (tenant_id, account, slice) do update set
      spent = usage.spent + excluded.spent, reserved = usage.reserved + excluded.reserved
    returning account, slice, spent, reserved, lent
  )
  select charged.account,
    charged.spent + others.spent as spent,
    charged.reserved + others.reserved as reserved,
    case
      when charge.ceiling is null then null
      when charged.slice = 0 and charged.spent + charged.reserved + charged.lent <= charge.ceiling then null
      when charged.slice > 0 and charged.spent + charged.reserved <= charged.lent then null
      else refuse_write('budget-short')
    end as refused
  from charged join charge using (account, slice) cross join lateral (
    select coalesce(sum(spent), 0)::bigint as spent, coalesce(sum(reserved), 0)::bigint as reserved
    from budget_usage other
    where other.tenant_id = $1 and other.account = charged.account and other.slice <> charged.slice
  ) others`;
}

/** Charges accounts for a run that the same transaction has written to. */
export const chargeAccounts = statement<AccountState, ChargeValues>('charge-accounts', chargeText(''));

/** Charges accounts for a run that the same transaction may have started; does nothing where it has not. */
export const chargeStart = statement<AccountState, readonly [...ChargeValues, runId: string]>(
  'charge-start',
  chargeText('where exists (select 1 from runs where id = $7 and started_seq is not null)'),
);
