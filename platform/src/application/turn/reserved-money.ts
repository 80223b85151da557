import type { CallMoney } from '../model/call-money.ts';
import type { HeldRun } from './held-run.ts';
import type { Refusal, Reserved } from './secure-call.ts';
import { settleReservation } from './settle-reservation.ts';

/**
 * The open reservation of a run, in the hands of a model call.
 *
 * - *covered*: nothing was sent under it, or only what is certain to cost nothing.
 * - *may be spent*: a request was sent. A try that fails and may be billed leaves it so; the next try needs another reservation, which is
 *   made between the two in a commit of its own. That commit is the only one while the call lasts.
 * - *closed*: the call is over, or was left behind because the run was interrupted. Whatever of it still goes on changes nothing.
 */
export class ReservedMoney implements CallMoney {
  readonly #held: HeldRun;
  readonly #reserve: () => Promise<Reserved | Refusal>;
  #refusal: Refusal | null = null;
  #renewing: Promise<boolean> | undefined;
  #isClosed = false;
  /** Called when a commit has moved the log on while the call lasts. */
  onRenewed: () => void = () => undefined;

  constructor(held: HeldRun, reserve: () => Promise<Reserved | Refusal>) {
    this.#held = held;
    this.#reserve = reserve;
  }

  get isCovered(): boolean {
    return this.#held.journal.run.reservation !== null && !this.#held.money.mayBeSpent;
  }

  renew(): Promise<boolean> {
    if (this.#isClosed || this.#held.control.interruption !== null) return Promise.resolve(false);
    this.#renewing = this.#renew();
    return this.#renewing;
  }

  sending(): void {
    if (!this.#isClosed) this.#held.money.mayBeSpent = true;
  }

  failed(mayBeBilled: boolean): void {
    if (!this.#isClosed) this.#held.money.mayBeSpent = mayBeBilled;
  }

  async close(): Promise<Refusal | null> {
    this.#isClosed = true;
    await this.#renewing;
    return this.#refusal;
  }

  async #renew(): Promise<boolean> {
    settleReservation(this.#held, { kind: 'lost' });
    const renewed = await this.#reserve();
    this.onRenewed();
    if (renewed.kind === 'reserved') return true;
    this.#refusal = renewed;
    return false;
  }
}
