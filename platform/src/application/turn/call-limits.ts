import type { Clock } from '../../port/clock.ts';
import type { RunControl } from './run-control.ts';

/** What ends a call before its tool does: its own time limit, or an interruption of the run. */
export class CallLimits {
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  readonly #exceeded = Promise.withResolvers<never>();
  readonly #stopListening: () => void;
  #stopTimer: () => void = () => undefined;
  #leftMs: number;
  #runningSince = 0;
  #pauses = 0;
  #isStopped = false;

  constructor(clock: Clock, control: Pick<RunControl, 'onInterruption'>, timeoutMs: number) {
    this.#clock = clock;
    this.#leftMs = timeoutMs;
    // Whether anybody still waits for it depends on the tool.
    this.#exceeded.promise.catch(() => undefined);
    this.#stopListening = control.onInterruption(() => this.#end('interrupted'));
    this.#run();
  }

  /** Aborts when the call must end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether nobody waits for the call any more. */
  get isOver(): boolean {
    return this.#isStopped || this.#controller.signal.aborted;
  }

  /** Rejects when the call must end. */
  get exceeded(): Promise<never> {
    return this.#exceeded.promise;
  }

  /** The time limit rests, because a person is asked. */
  pause(): void {
    this.#pauses += 1;
    if (this.#pauses > 1) return;
    this.#stopTimer();
    this.#leftMs -= this.#clock.monotonic() - this.#runningSince;
  }

  resume(): void {
    this.#pauses -= 1;
    if (this.#pauses === 0) this.#run();
  }

  /** The time limit rests while something is waited for that a person does. */
  async rest<T>(work: Promise<T>): Promise<T> {
    this.pause();
    try {
      return await work;
    } finally {
      this.resume();
    }
  }

  #run(): void {
    if (this.#isStopped) return;
    this.#runningSince = this.#clock.monotonic();
    this.#stopTimer = this.#clock.after(Math.max(1, this.#leftMs), () => this.#end('timed-out'));
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopTimer();
    this.#stopListening();
  }

  #end(cause: string): void {
    this.#controller.abort(cause);
    this.#exceeded.reject(cause);
  }
}
