import type { Cover } from '../../domain/budget/cover-run.ts';
import { fitInto, leastCost, type CallNeed, type WorstCase } from '../../domain/budget/worst-case.ts';
import { unlimitedMoney, type CallMoney } from '../model/call-money.ts';
import { countAccounts, roomKnown, type Shortage } from './count-accounts.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';
import { makeReservation } from './make-reservation.ts';
import { priceNeed } from './price-need.ts';
import { ReservedMoney } from './reserved-money.ts';
import { rememberAccounts } from './run-money.ts';
import { closeReservation } from './settle-reservation.ts';
import { stageAlerts } from './stage-alerts.ts';
import type { JournalReceipt } from './turn-journal.ts';

/** A call that is to be made. */
export interface WantedCall {
  /** In order of preference. */
  models: readonly string[];
  need: CallNeed;
  /** What is staged must be durable before the call also when no budget covers it. */
  writeAhead: boolean;
}

/** Why a call may not be made, or not now. */
export type Refusal =
  /** Signals wait, or the run is to be let go: that comes first. */
  | { kind: 'not-now' }
  | { kind: 'short'; shortage: Shortage }
  | { kind: 'unpriced'; budget: string; model: string };

/** A call that may be made. */
export interface SecuredCall {
  kind: 'secured';
  money: CallMoney;
  /** Those of the wanted models that may be asked. */
  models: readonly string[];
  /** Longest answer that was paid for; undefined: money does not limit it. */
  outputTokens: number | undefined;
  /** The callback is called when a commit has moved the log on while the call lasts. */
  onRenewed(callback: () => void): void;
  /** Called when the call is over: ends when no commit of it is under way. Gives why there was no money for a further try. */
  close(): Promise<Refusal | null>;
}

interface ReserveTask {
  wanted: WantedCall;
  need: CallNeed;
  covers: readonly Cover[];
}

/** Times that somebody else took the room that there was; then it is being used, and the call waits a moment. */
const mostTries = 8;

/**
 * Makes sure that a model call is paid for: what it can cost at most is reserved on every account that covers it, in the commit of what is
 * staged. Where that commit is refused because an account is short it is made without the reservation; then the accounts are counted
 * exactly, and if there is room after all the money is reserved in a commit of its own. So a call is refused only if there is really no room.
 */
export async function secureCall(
  context: EngineContext,
  held: HeldRun,
  wanted: WantedCall,
): Promise<SecuredCall | Refusal> {
  const { money, lease } = held;
  const covers = await context.money.book.coverOf(lease.tenantId, money.covered);
  const priced = priceNeed(context.money.prices, wanted.need, covers);
  if (priced.kind === 'unpriced') return priced;
  const models = without(wanted.models, priced.refused);
  if (priced.kind === 'free') {
    if (wanted.writeAhead && !(await commitStaged(held))) return { kind: 'not-now' };
    const close = () => Promise.resolve(null);
    return {
      kind: 'secured',
      money: unlimitedMoney,
      models,
      outputTokens: undefined,
      onRenewed: () => undefined,
      close,
    };
  }
  const task = { wanted, need: priced.need, covers };
  const reserved = await reserve(context, held, task);
  return reserved.kind === 'reserved'
    ? secured(context, held, { task, models, worst: reserved.worst })
    : reserved;
}

function without(models: readonly string[], refused: readonly string[]): readonly string[] {
  return refused.length === 0 ? models : models.filter((model) => !refused.includes(model));
}

/** Money is set aside for a call. */
export interface Reserved {
  kind: 'reserved';
  worst: WorstCase;
}

async function reserve(
  context: EngineContext,
  held: HeldRun,
  task: ReserveTask,
): Promise<Reserved | Refusal> {
  const { prices } = context.money;
  const { need, covers } = task;
  let worst = fitInto(roomKnown(held, covers), need, prices);
  let last: Shortage | undefined;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const done = worst && (await tryReserving(context, held, { covers, worst }));
    if (done) return done;
    closeReservation(held);
    if (!(await commitStaged(held))) return { kind: 'not-now' };
    const counted = await countAccounts(context, held, { covers, least: leastCost(need, prices) });
    if (counted.kind === 'short') return await lookAgain(context, held, { task, shortage: counted.shortage });
    worst = fitInto(counted.room, need, prices);
    last = counted.narrowest;
  }
  return last ? { kind: 'short', shortage: { ...last, isPassing: true } } : { kind: 'not-now' };
}

/** Undefined when an account is short, or must be counted. */
async function tryReserving(
  context: EngineContext,
  held: HeldRun,
  { covers, worst }: { covers: readonly Cover[]; worst: WorstCase },
): Promise<Reserved | Refusal | undefined> {
  const { journal, money, lease } = held;
  stageAlerts(context, held, covers);
  const open = journal.run.reservation;
  if (open && !money.mayBeSpent && open.micros >= worst.micros)
    return (await commitStaged(held)) ? { kind: 'reserved', worst } : { kind: 'not-now' };
  const where = { tenantId: lease.tenantId, place: money.place };
  const { reservation, mustCount } = makeReservation(context, { ...where, covers, worst });
  if (mustCount) return undefined;
  const receipt = await journal.commitReserving(() => {
    closeReservation(held);
    journal.stage(reservation.event);
    journal.stageRows({ ledger: [reservation.entry], charges: [...reservation.charges] });
  });
  if (receipt.outcome === 'budget-short') return undefined;
  return isThrough(held, receipt) ? { kind: 'reserved', worst } : { kind: 'not-now' };
}

/** A budget may have been raised since it was read: who is refused has looked at it as it is now. */
async function lookAgain(
  context: EngineContext,
  held: HeldRun,
  { task, shortage }: { task: ReserveTask; shortage: Shortage },
): Promise<Reserved | Refusal> {
  const covers = await context.money.book.freshCoverOf(held.lease.tenantId, held.money.covered);
  const now = covers.find(({ account }) => account === shortage.account)?.strictest;
  if (now?.limitMicros === shortage.budget.limitMicros) return { kind: 'short', shortage };
  return await reserve(context, held, { ...task, covers });
}

function secured(
  context: EngineContext,
  held: HeldRun,
  { task, models, worst }: { task: ReserveTask; models: readonly string[]; worst: WorstCase },
): SecuredCall {
  const isHard = task.covers.some(({ strictest }) => strictest !== null);
  const { outputTokens } = worst;
  const need = { ...task.need, outputTokens, leastOutputTokens: outputTokens };
  const money = new ReservedMoney(held, () => reserve(context, held, { ...task, need }));
  return {
    kind: 'secured',
    money,
    models,
    outputTokens: isHard ? outputTokens : undefined,
    onRenewed: (callback) => (money.onRenewed = callback),
    close: () => money.close(),
  };
}

/** False when something else comes first. */
async function commitStaged(held: HeldRun): Promise<boolean> {
  if (!held.journal.isStaged) return !held.control.isStopping;
  return isThrough(held, await held.journal.commit());
}

function isThrough(held: HeldRun, receipt: JournalReceipt): boolean {
  if (receipt.outcome === 'committed') rememberAccounts(held.money, receipt.accounts);
  if (receipt.outcome === 'signals-first' || receipt.signalsPending) {
    held.control.mustFetch = true;
    return false;
  }
  return !held.control.isStopping;
}
