import type { BudgetPeriod, BudgetScope, OnLimit } from '@batuta/contract';
import { statement } from '../statement.ts';

/** A row of `budgets`. */
export interface BudgetRow {
  id: string;
  name: string;
  scope: BudgetScope;
  subject: string | null;
  per: BudgetPeriod;
  limit_micros: number;
  hard: boolean;
  on_limit: OnLimit;
  alerts: number[];
  created_at: number;
  updated_at: number;
}

const columns = 'id, name, scope, subject, per, limit_micros, hard, on_limit, alerts, created_at, updated_at';

/** All budgets of the tenant, oldest first. */
export const readBudgets = statement<BudgetRow, readonly [tenantId: string]>(
  'read-budgets',
  `select ${columns} from budgets where tenant_id = $1 order by id`,
);

/** Stores a budget, unless the tenant has as many as it may have. */
export const addBudget = statement<
  BudgetRow,
  readonly [
    id: string,
    tenantId: string,
    name: string,
    scope: BudgetScope,
    subject: string | null,
    per: BudgetPeriod,
    limitMicros: number,
    hard: boolean,
    onLimit: OnLimit,
    alerts: readonly number[],
    most: number,
  ]
>(
  'add-budget',
  `
  insert into budgets (id, tenant_id, name, scope, subject, per, limit_micros, hard, on_limit, alerts)
  select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10::integer[]
  where (select count(*) from budgets where tenant_id = $2) < $11::integer
  returning ${columns}`,
);

/** One budget, kept from being changed by others until the transaction ends. */
export const lockBudget = statement<BudgetRow, readonly [id: string]>(
  'lock-budget',
  `select ${columns} from budgets where id = $1 for update`,
);

/** Changes what can be changed of a budget. */
export const changeBudget = statement<
  BudgetRow,
  readonly [
    id: string,
    name: string,
    limitMicros: number,
    hard: boolean,
    onLimit: OnLimit,
    alerts: readonly number[],
  ]
>(
  'change-budget',
  `update budgets set name = $2, limit_micros = $3, hard = $4, on_limit = $5, alerts = $6::integer[], updated_at = now()
   where id = $1 returning ${columns}`,
);

/** Removes a budget. What was spent stays counted. */
export const removeBudget = statement<never, readonly [id: string]>(
  'remove-budget',
  'delete from budgets where id = $1',
);

/** What accounts hold in all their slices. */
export const readAccounts = statement<
  { account: string; spent: number; reserved: number },
  readonly [tenantId: string, accounts: readonly string[]]
>(
  'read-accounts',
  `select account, sum(spent)::bigint as spent, sum(reserved)::bigint as reserved from budget_usage
   where tenant_id = $1 and account = any($2::text[]) group by account`,
);
