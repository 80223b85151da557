import type { BudgetPeriod, BudgetScope, OnLimit } from '@batuta/contract';
import type { AuditEntry } from './audit-log.ts';
import type { AccountState } from './run-record.ts';

/** A limit on what may be spent, as somebody set it through the API. */
export interface BudgetRecord {
  id: string;
  name: string;
  scope: BudgetScope;
  /** Id or name of what it is about; `*`: each one on its own; null for the tenant. */
  subject: string | null;
  per: BudgetPeriod;
  limitMicros: number;
  hard: boolean;
  onLimit: OnLimit;
  /** Percentages of the limit. */
  alerts: readonly number[];
  createdAt: number;
  updatedAt: number;
}

/** What of a budget can be changed. */
export type BudgetChange = Partial<
  Pick<BudgetRecord, 'name' | 'limitMicros' | 'hard' | 'onLimit' | 'alerts'>
>;

/** What is needed of an account that refused a charge. */
export interface AccountNeed {
  account: string;
  limit: number;
  /** Micro-dollars that are needed more. */
  micros: number;
  /** Slices to lend to while the limit is far; 0: everything stays in one place. */
  slices: number;
}

/** What an account that was looked at as a whole holds, and whether its slices have been lent something. */
export interface AccountRoom extends AccountState {
  /** False: really short; nothing that is needed fits under the limit. */
  hasRoom: boolean;
  /** True: each slice can be charged. False: only the account itself, which knows exactly. */
  isLent: boolean;
}

/** Budgets of tenants and what has been spent under them. Charges are part of the commits of runs. */
export interface BudgetStore {
  /** All budgets of the tenant, oldest first. */
  list(tenantId: string): Promise<BudgetRecord[]>;
  /** Each change is recorded in the audit log in its own transaction. Errors: `too-many-budgets`. */
  create(
    tenantId: string,
    budget: Omit<BudgetRecord, 'createdAt' | 'updatedAt'>,
    audit: AuditEntry,
  ): Promise<BudgetRecord>;
  /** Errors: `budget-unknown`. */
  update(
    tenantId: string,
    update: { id: string; change: BudgetChange },
    audit: AuditEntry,
  ): Promise<BudgetRecord>;
  /** Errors: `budget-unknown`. */
  delete(tenantId: string, id: string, audit: AuditEntry): Promise<void>;
  /** What accounts hold; those that were never charged are missing. */
  accounts(tenantId: string, accounts: readonly string[]): Promise<AccountState[]>;
  /** Counts an account exactly, and lends to its slices again while its limit is far. */
  makeRoom(tenantId: string, need: AccountNeed): Promise<AccountRoom>;
  /** Makes all runs that wait for a budget claimable, of a tenant or of all; gives their ids. */
  wakeWaiting(tenantId: string | null): Promise<string[]>;
}
