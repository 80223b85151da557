import type { EventData } from '@batuta/contract';
import type { Budget } from '../../domain/budget/budget.ts';
import type { Cover } from '../../domain/budget/cover-run.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';

/** Stages the alerts of budgets that have spent a share of their limit, as far as this run has heard of it. Each is given once. */
export function stageAlerts(context: EngineContext, held: HeldRun, covers: readonly Cover[]): void {
  for (const { account, budgets } of covers) {
    const spent = held.money.accounts.get(account)?.spent;
    if (spent === undefined) continue;
    for (const budget of budgets) stageAlertsOf(context, held, { account, budget, spent });
  }
}

function stageAlertsOf(
  context: EngineContext,
  held: HeldRun,
  found: { account: string; budget: Budget; spent: number },
): void {
  const { budget, spent } = found;
  for (const threshold of budget.alerts) {
    if (spent * 100 >= budget.limitMicros * threshold) stageAlert(context, held, { ...found, threshold });
  }
}

function stageAlert(
  context: EngineContext,
  held: HeldRun,
  found: { account: string; budget: Budget; threshold: number; spent: number },
): void {
  const { account, budget, threshold, spent } = found;
  const alert = { account, limitMicros: budget.limitMicros, threshold };
  if (!context.money.alerts.take(held.lease.tenantId, alert)) return;
  held.journal.stage({
    kind: 'budget-alerted',
    data: { ...budgetFacts(budget, { account, spent }), threshold },
  });
  held.journal.stageRows({ alerts: [alert] });
}

/** A budget as events tell of it. */
export function budgetFacts(
  budget: Budget,
  state: { account: string; spent: number },
): Omit<EventData<'budget-alerted'>, 'threshold'> {
  return {
    budget: budget.id,
    scope: budget.scope,
    subject: budget.subject,
    per: budget.per,
    account: state.account,
    limit_micros: budget.limitMicros,
    spent_micros: state.spent,
  };
}
