import type { TeamFrontMatter } from '@batuta/contract';
import { makeCalendar } from '../../domain/budget/calendar.ts';
import type { AgentCatalogue } from '../../port/agent-catalogue.ts';
import type { BudgetStore } from '../../port/budget-store.ts';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import type { PriceList } from '../../port/model.ts';
import type { MoneyContext, MoneySettings } from '../turn/money-context.ts';
import { AccountSlices } from './account-slices.ts';
import { AlertMemory } from './alert-memory.ts';
import { BudgetBook } from './budget-book.ts';

/** What money is kept with. */
export interface MoneyParts {
  budgets: BudgetStore;
  prices: PriceList;
  agents: AgentCatalogue;
  teams: readonly TeamFrontMatter[];
  clock: Clock;
  log: Log;
}

/** Puts together what reserving and settling takes: once in a process. */
export function composeMoney(parts: MoneyParts, settings: MoneySettings): MoneyContext {
  return {
    prices: parts.prices,
    store: parts.budgets,
    book: new BudgetBook({ ...parts, calendar: makeCalendar(settings.timeZone) }),
    slices: new AccountSlices(parts, settings.slices),
    alerts: new AlertMemory(parts.clock),
    settings,
  };
}
