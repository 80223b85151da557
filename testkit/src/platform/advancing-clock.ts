import { systemClock } from '@batuta/platform/composition';
import type { Clock } from '@batuta/platform/ports';

interface Timer {
  endsAt: number;
  ring: () => void;
}

/** The clock of the machine, which a test can put forward: whatever falls due on the way happens at once. */
export class AdvancingClock implements Clock {
  readonly #timers = new Set<Timer>();
  #ahead = 0;

  now(): number {
    return Date.now() + this.#ahead;
  }

  monotonic(): number {
    return performance.now() + this.#ahead;
  }

  after(ms: number, callback: () => void): () => void {
    const stop = () => {
      this.#timers.delete(timer);
      stopReal();
    };
    const ring = () => {
      stop();
      callback();
    };
    const timer = { endsAt: this.monotonic() + ms, ring };
    const stopReal = systemClock.after(ms, ring);
    this.#timers.add(timer);
    return stop;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.after(ms, resolve);
      signal?.addEventListener('abort', () => resolve(stop()), { once: true });
    });
  }

  /** Puts the clock forward. */
  advance(ms: number): void {
    this.#ahead += ms;
    for (const timer of this.#timers) if (timer.endsAt <= this.monotonic()) timer.ring();
  }
}
