import type { AccountRoom, BudgetStore } from '../../port/budget-store.ts';
import { isShared } from '../../domain/budget/cover-run.ts';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';

/** Charges of one account in this process within a second that make it busy. */
const busyCharges = 25;
/** How long an account that is near its limit is charged in one place. */
const exactMs = 2_000;
/** Stands for no limit: slices of an account that is only counted are lent so much that they never run short. */
const boundless = 1_000_000_000_000_000;
const mostKnown = 10_000;

interface KnownAccount {
  countedFrom: number;
  charges: number;
  isBusy: boolean;
  /** The limit under which slices were lent something; null: only the account itself is charged. */
  lentUnder: number | null;
  exactUntil: number;
  isAsking: boolean;
}

/** What to charge. `mustCount`: the limit is another one than that under which slices were used, so the account is counted first. */
export interface SliceChoice {
  slice: number;
  mustCount: boolean;
}

/**
 * Chooses where an account is charged. One row is exact and enough for most; when many runs are charged to it at the same time, each
 * charge would wait for the commit before it, so a busy account lends parts of what is free to slices, and each run uses one of
 * them. Near the limit everything is in one place again. Whether a charge fits is decided by the database alone.
 *
 * An account is *quiet* (charged itself), *busy and lent* (slices are charged), or *busy and near its limit* (charged itself for a while).
 */
export class AccountSlices {
  readonly #parts: { budgets: Pick<BudgetStore, 'makeRoom'>; clock: Clock; log: Log };
  readonly #slices: number;
  readonly #known = new Map<string, KnownAccount>();

  constructor(parts: { budgets: Pick<BudgetStore, 'makeRoom'>; clock: Clock; log: Log }, slices: number) {
    this.#parts = parts;
    this.#slices = slices;
  }

  /** Where a run charges an account. `place`: any number, the same for all charges of a run. */
  choose(tenantId: string, charge: { account: string; limit: number | null; place: number }): SliceChoice {
    const { account, limit, place } = charge;
    if (this.#slices === 0 || !isShared(account)) return { slice: 0, mustCount: false };
    const known = this.#knownOf(tenantId, account);
    this.#count(known);
    if (known.lentUnder !== null && known.lentUnder !== (limit ?? boundless))
      return { slice: 0, mustCount: true };
    if (!known.isBusy || this.#parts.clock.now() < known.exactUntil) return { slice: 0, mustCount: false };
    if (known.lentUnder !== null) return { slice: 1 + (place % this.#slices), mustCount: false };
    void this.#lend(tenantId, { account, limit, known });
    return { slice: 0, mustCount: false };
  }

  /** Counts an account exactly because a charge was refused, or its limit has changed. */
  async makeRoom(
    tenantId: string,
    need: { account: string; limit: number | null; micros: number },
  ): Promise<AccountRoom> {
    const { account, limit, micros } = need;
    const known = this.#knownOf(tenantId, account);
    const slices = known.isBusy && isShared(account) ? this.#slices : 0;
    const wanted = { account, limit: limit ?? boundless, micros, slices };
    const room = await this.#parts.budgets.makeRoom(tenantId, wanted);
    known.lentUnder = room.isLent ? (limit ?? boundless) : null;
    if (!room.isLent) known.exactUntil = this.#parts.clock.now() + exactMs;
    return room;
  }

  async #lend(
    tenantId: string,
    { account, limit, known }: { account: string; limit: number | null; known: KnownAccount },
  ): Promise<void> {
    if (known.isAsking) return;
    known.isAsking = true;
    try {
      // One charge is not known here; a thousandth of the limit is as good as any.
      await this.makeRoom(tenantId, { account, limit, micros: Math.ceil((limit ?? boundless) / 1000) });
    } catch (error) {
      known.exactUntil = this.#parts.clock.now() + exactMs;
      this.#parts.log.warn('slices of a budget cannot be lent', { account, error });
    } finally {
      known.isAsking = false;
    }
  }

  #count(known: KnownAccount): void {
    const now = this.#parts.clock.monotonic();
    if (now - known.countedFrom >= 1_000) {
      known.isBusy = known.charges >= busyCharges;
      known.countedFrom = now;
      known.charges = 0;
    }
    known.charges += 1;
    if (known.charges >= busyCharges) known.isBusy = true;
  }

  #knownOf(tenantId: string, account: string): KnownAccount {
    const key = `${tenantId}/${account}`;
    const known = this.#known.get(key);
    if (known) return known;
    const fresh: KnownAccount = {
      countedFrom: this.#parts.clock.monotonic(),
      charges: 0,
      isBusy: false,
      lentUnder: null,
      exactUntil: 0,
      isAsking: false,
    };
    if (this.#known.size >= mostKnown) this.#known.delete(this.#known.keys().next().value ?? '');
    this.#known.set(key, fresh);
    return fresh;
  }
}
