import type { EmulatorClock } from '../../src/emulator/clock.ts';

/** A clock that stands still until the test moves it. */
export class ManualClock implements EmulatorClock {
  #now = 0;
  #timers: { due: number; callback: () => void }[] = [];
  #armed = Promise.withResolvers<void>();

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { due: this.#now + milliseconds, callback };
    this.#timers.push(timer);
    this.#armed.resolve();
    return () => {
      this.#timers = this.#timers.filter((candidate) => candidate !== timer);
    };
  }

  get pending(): number {
    return this.#timers.length;
  }

  /** Waits until something waits for the clock, then moves it to that time and lets it happen. */
  async next(): Promise<number> {
    if (this.#timers.length === 0) {
      this.#armed = Promise.withResolvers<void>();
      await this.#armed.promise;
    }
    this.#now = Math.min(...this.#timers.map((timer) => timer.due));
    const due = this.#timers.filter((timer) => timer.due <= this.#now);
    this.#timers = this.#timers.filter((timer) => timer.due > this.#now);
    for (const timer of due) timer.callback();
    return this.#now;
  }
}
