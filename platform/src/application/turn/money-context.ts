import type { PriceList } from '../../port/model.ts';
import type { BudgetStore } from '../../port/budget-store.ts';
import type { AccountSlices } from '../budget/account-slices.ts';
import type { AlertMemory } from '../budget/alert-memory.ts';
import type { BudgetBook } from '../budget/budget-book.ts';

/** Settings of budgets, from the configuration. */
export interface MoneySettings {
  /** Where days and months begin. */
  timeZone: string;
  /** Longest answer under a hard budget of agents that name none. */
  maxOutputTokens: number;
  /** By how much estimated input is multiplied. */
  estimateMargin: number;
  /** Rows over which a busy account is spread. */
  slices: number;
}

/** Everything that reserving and settling the cost of model calls takes. */
export interface MoneyContext {
  prices: PriceList;
  store: BudgetStore;
  book: BudgetBook;
  slices: AccountSlices;
  alerts: AlertMemory;
  settings: MoneySettings;
}
