import type { Usage } from '@batuta/contract';
import type { CoveredRun } from '../../domain/budget/cover-run.ts';
import type { AccountState, Lease, NewRun, RunRecord } from '../../port/run-record.ts';

/** What an embedding used, and which accounts it is charged to. */
export interface OwedEmbedding {
  model: string;
  usage: Usage;
  accounts: readonly string[];
}

/** What a worker knows of the money of a run in its hands. */
export interface RunMoney {
  /** Decides which budgets cover the run; the same object while it is held. */
  readonly covered: CoveredRun;
  /** Which slices of busy accounts the run is charged to. */
  readonly place: number;
  /** A request was sent under the open reservation, and nobody knows what it cost. */
  mayBeSpent: boolean;
  /** An embedding that was made and is not in the log yet. */
  embedding: OwedEmbedding | null;
  /** What the run's accounts held when it last heard of them, its own settlements since included. */
  readonly accounts: Map<string, AccountState>;
}

/** The money of a run that was just taken in hand. */
export function newRunMoney(lease: Lease, record: RunRecord): RunMoney {
  return {
    covered: coveredRun({ ...record, id: lease.runId }),
    place: placeOf(lease.runId),
    mayBeSpent: false,
    embedding: null,
    accounts: new Map(),
  };
}

/** What decides which budgets cover a run. */
export function coveredRun(
  run: Pick<NewRun, 'id' | 'sessionId' | 'agent' | 'ancestors' | 'requestedBy'>,
): CoveredRun {
  const { id: runId, sessionId, agent, ancestors, requestedBy } = run;
  return { runId, sessionId, agent, ancestors, userId: requestedBy.userId };
}

/** A number of a run, the same in every process and evenly spread. */
export function placeOf(runId: string): number {
  let place = 0;
  for (let index = 0; index < runId.length; index += 1)
    place = (Math.imul(place, 31) + runId.charCodeAt(index)) >>> 0;
  return place;
}

/** Keeps what the store said of accounts. */
export function rememberAccounts(money: RunMoney, accounts: readonly AccountState[] = []): void {
  for (const account of accounts) money.accounts.set(account.account, account);
}
