import { judgeThrift, tierForThrift } from '../../domain/economy/choose-tier.ts';
import type { Cover } from '../../domain/budget/cover-run.ts';
import type { AccountState } from '../../port/run-record.ts';
import type { EngineContext } from '../turn/engine-context.ts';
import type { HeldRun } from '../turn/held-run.ts';

/**
 * Moves a run with tiers down when a budget that covers it is nearly used up, and up again when there is room. Stages the choice, with its
 * reason, when it is another than before. Runs of agents that name their models cost nothing here.
 */
export async function considerThrift(context: EngineContext, held: HeldRun): Promise<void> {
  const { tier } = held.journal.run;
  if (tier === null) return;
  const share = await largestShare(context, held);
  const choice = tierForThrift(tier, judgeThrift(share, context.settings.thrift));
  if (choice) held.journal.stage({ kind: 'model-tier-chosen', data: choice });
}

/** The largest share of a limit that is spent, by what the run has heard of its accounts. */
async function largestShare(context: EngineContext, held: HeldRun): Promise<number> {
  const { lease, money } = held;
  const covers = await context.money.book.coverOf(lease.tenantId, money.covered);
  if (covers.length === 0) return 0;
  const states = await statesOf(context, held, covers);
  return Math.max(...covers.map((cover) => shareOf(cover, states.get(cover.account))));
}

/** Before its first commit under a budget a run has heard of no account: then it asks. */
async function statesOf(
  context: EngineContext,
  { lease, money }: HeldRun,
  covers: readonly Cover[],
): Promise<ReadonlyMap<string, AccountState>> {
  if (money.accounts.size > 0) return money.accounts;
  const accounts = covers.map(({ account }) => account);
  const states = await context.money.store.accounts(lease.tenantId, accounts);
  return new Map(states.map((state) => [state.account, state]));
}

function shareOf({ budgets }: Cover, state: AccountState | undefined): number {
  if (!state) return 0;
  // What is spent, as for alerts: what is set aside is the worst case, and most of it comes back.
  return state.spent / Math.min(...budgets.map(({ limitMicros }) => limitMicros));
}
