import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';

/**
 * Aborts what is in flight when the run's time is over. The deadline moves while the run is held: a retry sets a new one. `follow` is
 * called at every step, so that the one that counts is watched.
 */
export class DeadlineWatch {
  readonly #clock: EngineContext['clock'];
  readonly #held: HeldRun;
  #watched: number | null = null;
  #stop: (() => void) | undefined;

  constructor(clock: EngineContext['clock'], held: HeldRun) {
    this.#clock = clock;
    this.#held = held;
  }

  follow(): void {
    const { deadlineAt } = this.#held.journal.run;
    if (deadlineAt === this.#watched) return;
    this.stop();
    this.#watched = deadlineAt;
    if (deadlineAt === null) return;
    const left = Math.max(0, deadlineAt - this.#clock.now());
    this.#stop = this.#clock.after(left, () => this.#held.control.interrupt('time-limit'));
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }
}
