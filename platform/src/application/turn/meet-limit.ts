import type { NewEvent } from '@batuta/contract';
import { usdOf } from '../../domain/budget/budget.ts';
import type { Shortage } from './count-accounts.ts';
import type { EngineContext } from './engine-context.ts';
import { failRun } from './fail-run.ts';
import type { HeldRun, RunEnd } from './held-run.ts';
import type { Refusal } from './secure-call.ts';
import { budgetFacts } from './stage-alerts.ts';
import { suspendRun } from './suspend-run.ts';

/** How long a run waits for money that others have reserved and may not need, the first time; it doubles, up to the longest. */
const passingMs = 1_000;
const longestPassingMs = 30_000;

/** What becomes of a run whose next call is not paid for. */
export async function meetRefusal(
  context: EngineContext,
  held: HeldRun,
  refusal: Refusal,
): Promise<RunEnd | undefined> {
  switch (refusal.kind) {
    case 'not-now':
      return undefined;
    case 'unpriced': {
      const { budget, model } = refusal;
      return failRun(context, held, { code: 'price-unknown', data: { budget, model } });
    }
    case 'short':
      return refusal.shortage.isPassing
        ? waitAMoment(context, held)
        : meetLimit(context, held, refusal.shortage);
  }
}

/** Money that is only reserved will be settled soon, and mostly for less. */
function waitAMoment(context: EngineContext, held: HeldRun): Promise<RunEnd> {
  const { budgetWaits } = held.journal.run;
  const longest = Math.min(longestPassingMs, passingMs * 2 ** Math.min(budgetWaits, 10));
  // Runs that were refused together do not come back together.
  const until = context.clock.now() + longest / 2 + ((held.money.place % 1000) / 2000) * longest;
  return suspendRun(context, held, { kind: 'wait', waitingFor: 'budget', until });
}

async function meetLimit(
  context: EngineContext,
  held: HeldRun,
  shortage: Shortage,
): Promise<RunEnd | undefined> {
  const { budget, endsAt } = shortage;
  held.journal.stage(reachedEvent(shortage));
  if (budget.onLimit === 'fail')
    return failRun(context, held, { code: 'budget-reached', data: errorData(shortage) });
  const end = await suspendRun(context, held, { kind: 'wait', waitingFor: 'budget', until: endsAt });
  if (end === 'waiting') await wakeIfRaised(context, held, shortage);
  return end;
}

/** Raised between the look at the budget and the wait for it: whoever raised it found nobody waiting. */
async function wakeIfRaised(context: EngineContext, held: HeldRun, shortage: Shortage): Promise<void> {
  const { tenantId } = held.lease;
  const covers = await context.money.book.freshCoverOf(tenantId, held.money.covered);
  const now = covers.find(({ account }) => account === shortage.account)?.strictest;
  if (now?.limitMicros === shortage.budget.limitMicros) return;
  for (const runId of await context.money.store.wakeWaiting(tenantId)) context.notify.queued(runId);
}

function reachedEvent(shortage: Shortage): NewEvent {
  const { account, budget, spent, reserved, needed, endsAt } = shortage;
  const isWaiting = budget.onLimit === 'wait';
  return {
    kind: 'budget-reached',
    data: {
      ...budgetFacts(budget, { account, spent }),
      reserved_micros: Math.max(0, reserved),
      needed_micros: needed,
      on_limit: budget.onLimit,
      ...(isWaiting && endsAt !== null ? { resumes_at: new Date(endsAt).toISOString() } : {}),
    },
  };
}

function errorData({ budget, spent, reserved, needed }: Shortage) {
  return {
    budget: budget.name,
    limit_usd: usdOf(budget.limitMicros),
    spent_usd: usdOf(spent),
    reserved_usd: usdOf(Math.max(0, reserved)),
    needed_usd: usdOf(needed),
  };
}
