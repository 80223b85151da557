import { systemClock } from '@batuta/platform/composition';
import type { Clock } from '@batuta/platform/ports';

interface Sleeper {
  endsAt: number;
  wake: () => void;
}

/** The clock of the machine, which a test can put forward: whoever sleeps until then wakes up at once. */
export class AdvancingClock implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  #ahead = 0;

  now(): number {
    return Date.now() + this.#ahead;
  }

  monotonic(): number {
    return performance.now() + this.#ahead;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const sleeper = { endsAt: this.monotonic() + ms, wake: () => woken.abort() };
    this.#sleepers.add(sleeper);
    const signals = signal ? [signal, woken.signal] : [woken.signal];
    await systemClock.sleep(ms, AbortSignal.any(signals));
    this.#sleepers.delete(sleeper);
  }

  /** Puts the clock forward. */
  advance(ms: number): void {
    this.#ahead += ms;
    for (const sleeper of this.#sleepers) if (sleeper.endsAt <= this.monotonic()) sleeper.wake();
  }
}
