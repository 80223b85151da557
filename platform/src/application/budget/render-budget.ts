import type { BudgetView } from '@batuta/contract';
import { usdOf, type Budget } from '../../domain/budget/budget.ts';
import { accountOfBudget } from '../../domain/budget/cover-run.ts';
import type { BudgetRecord } from '../../port/budget-store.ts';
import { instant } from '../run/render-run.ts';
import type { EngineContext } from '../turn/engine-context.ts';

/** Budgets as the API shows them, with what their accounts hold now. */
export async function renderBudgets(
  { money, clock }: Pick<EngineContext, 'money' | 'clock'>,
  tenantId: string,
  budgets: readonly (Budget | BudgetRecord)[],
): Promise<BudgetView[]> {
  const now = clock.now();
  const { calendar } = money.book;
  const accounts = budgets.map((budget) => accountOfBudget(budget, calendar, now));
  const states = await money.store.accounts(
    tenantId,
    accounts.filter((account) => account !== null),
  );
  const byAccount = new Map(states.map((state) => [state.account, state]));
  return budgets.map((budget, index) => {
    const account = accounts[index] ?? null;
    const { spent = 0, reserved = 0 } = byAccount.get(account ?? '') ?? {};
    const resets =
      budget.per === 'day' || budget.per === 'month'
        ? { resets_at: instant(calendar.endOf(budget.per, now)) }
        : {};
    const usage = { spent_usd: usdOf(spent), reserved_usd: usdOf(Math.max(0, reserved)), ...resets };
    return { ...renderRule(budget), usage: account === null ? null : usage };
  });
}

function renderRule(budget: Budget | BudgetRecord): Omit<BudgetView, 'usage'> {
  const { id, name, scope, subject, per, limitMicros, hard, onLimit, alerts } = budget;
  return {
    id,
    name,
    scope,
    subject,
    per,
    limit_usd: usdOf(limitMicros),
    hard,
    on_limit: onLimit,
    alerts: [...alerts],
    file: fileOfBudget(budget),
    ...('createdAt' in budget
      ? { created_at: instant(budget.createdAt), updated_at: instant(budget.updatedAt) }
      : {}),
  };
}

/** The file that sets a budget; null for one of the API. */
export function fileOfBudget(budget: Budget | BudgetRecord): string | null {
  return 'createdAt' in budget ? null : `${budget.scope}s/${budget.subject ?? ''}.md`;
}
