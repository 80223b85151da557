import type { Budget } from '../../domain/budget/budget.ts';
import type { Cover } from '../../domain/budget/cover-run.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';

/** A hard limit that does not allow a call. */
export interface Shortage {
  account: string;
  budget: Budget;
  /** Milliseconds since the epoch at which its period is over; null: never. */
  endsAt: number | null;
  spent: number;
  reserved: number;
  needed: number;
  /** What others have reserved makes it short: when they settle there may be room. */
  isPassing: boolean;
}

/** What counting has shown. `narrowest`: the account that leaves the least. */
export type Counted =
  | { kind: 'room'; room: number; narrowest: Shortage | undefined }
  | { kind: 'short'; shortage: Shortage };

/** Counts every account of a call exactly: which is short of `least`, or how much fits into all of them. */
export async function countAccounts(
  context: EngineContext,
  held: HeldRun,
  { covers, least }: { covers: readonly Cover[]; least: number },
): Promise<Counted> {
  const { tenantId } = held.lease;
  let room = Number.POSITIVE_INFINITY;
  let narrowest: Shortage | undefined;
  for (const { account, strictest, endsAt } of covers) {
    const limit = strictest?.limitMicros ?? null;
    const found = await context.money.slices.makeRoom(tenantId, { account, limit, micros: least });
    const { spent, reserved, hasRoom } = found;
    held.money.accounts.set(account, { account, spent, reserved });
    if (!strictest) continue;
    const left = strictest.limitMicros - spent;
    const isPassing = left >= least;
    const seen = { account, budget: strictest, endsAt, spent, reserved, needed: least, isPassing };
    if (!hasRoom) return { kind: 'short', shortage: seen };
    if (left - reserved < room) [room, narrowest] = [left - reserved, seen];
  }
  return { kind: 'room', room, narrowest };
}

/** What fits into all accounts of a call, as far as the run has heard of them. */
export function roomKnown(held: HeldRun, covers: readonly Cover[]): number {
  const rooms = covers.flatMap(({ account, strictest }) =>
    strictest ? [strictest.limitMicros - (held.money.accounts.get(account)?.spent ?? 0)] : [],
  );
  return Math.min(...rooms);
}
