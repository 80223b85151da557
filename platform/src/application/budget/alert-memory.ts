import type { BudgetAlert } from '../../port/run-record.ts';
import type { Clock } from '../../port/clock.ts';

/** How long an alert counts as given without looking: if its commit failed, it is tried again after this. */
const rememberMs = 60_000;
const mostRemembered = 10_000;

/** Alerts that this process knows to have been given, so that not every turn tries to give them again. The store decides. */
export class AlertMemory {
  readonly #clock: Clock;
  readonly #given = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether an alert shall be tried; from then on it counts as given for a while. */
  take(tenantId: string, { account, limitMicros, threshold }: BudgetAlert): boolean {
    const key = `${tenantId}/${account}/${limitMicros}/${threshold}`;
    const now = this.#clock.now();
    if ((this.#given.get(key) ?? 0) > now) return false;
    if (this.#given.size >= mostRemembered) this.#given.delete(this.#given.keys().next().value ?? '');
    this.#given.set(key, now + rememberMs);
    return true;
  }
}
