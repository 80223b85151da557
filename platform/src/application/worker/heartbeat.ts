import { BatutaError } from '@batuta/contract';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import type { HeartbeatAnswer, RunStore } from '../../port/run-store.ts';

/** What a heartbeat needs to know of its worker, and tells it. */
export interface HeartbeatWatch {
  /** Whether the worker holds or is about to hold a lease. */
  isNeeded(): boolean;
  /** `sentAt`: monotonic time at which the heartbeat was sent. */
  onAnswer(held: HeartbeatAnswer['held'], sentAt: number): void;
  /** The leases have expired because no heartbeat got through. */
  onExpired(): void;
}

/** Heartbeats go on for this long after the last lease was given back, so that the next run need not wait for one. */
const lingerMs = 20_000;

/** What is left of a turn of the event loop for answers that are there already. */
const lateMs = 20;

/**
 * Keeps a worker's leases valid: one row update for all of them, three times in the life of a lease, and none while the worker
 * has been idle for a while. `ensureFresh` must have ended before a lease becomes visible to other workers.
 */
export class Heartbeat {
  readonly #context: { runs: RunStore; clock: Clock; log: Log };
  readonly #settings: { id: string; leaseMs: number };
  readonly #watch: HeartbeatWatch;
  readonly #stopped = new AbortController();
  #beating = false;
  #beat: Promise<void> | undefined;
  #lastBeatAt = Number.NEGATIVE_INFINITY;
  #lastNeededAt = 0;

  constructor(
    context: { runs: RunStore; clock: Clock; log: Log },
    settings: { id: string; leaseMs: number },
    watch: HeartbeatWatch,
  ) {
    this.#context = context;
    this.#settings = settings;
    this.#watch = watch;
  }

  /** Ends when the leases are valid for at least half their life. */
  async ensureFresh(): Promise<void> {
    const age = this.#context.clock.monotonic() - this.#lastBeatAt;
    if (age > this.#settings.leaseMs / 2) await this.#once();
    if (!this.#beating) void this.#keepBeating();
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #keepBeating(): Promise<void> {
    this.#beating = true;
    this.#lastNeededAt = this.#context.clock.monotonic();
    while (!this.#stopped.signal.aborted && this.#isNeeded()) {
      await this.#context.clock.sleep(this.#settings.leaseMs / 3, this.#stopped.signal);
      if (this.#stopped.signal.aborted) break;
      await this.#once().catch((error: unknown) => this.#context.log.warn('a heartbeat failed', { error }));
      const age = this.#context.clock.monotonic() - this.#lastBeatAt;
      if (age > this.#settings.leaseMs) this.#watch.onExpired();
    }
    this.#beating = false;
  }

  #isNeeded(): boolean {
    const now = this.#context.clock.monotonic();
    if (this.#watch.isNeeded()) this.#lastNeededAt = now;
    return now - this.#lastNeededAt < lingerMs;
  }

  #once(): Promise<void> {
    this.#beat ??= this.#send().finally(() => {
      this.#beat = undefined;
    });
    return this.#beat;
  }

  /** The age counts from before the request: the database may have applied it at any moment since. */
  async #send(): Promise<void> {
    const sentAt = this.#context.clock.monotonic();
    const answer = await this.#answerInTime();
    const late = sentAt - this.#lastBeatAt > this.#settings.leaseMs;
    this.#lastBeatAt = sentAt;
    if (late) this.#context.log.debug('leases had expired before this heartbeat', {});
    this.#watch.onAnswer(answer.held, sentAt);
  }

  /**
   * A heartbeat that hangs is as bad as one that fails: the leases expire all the same. When the time is over a process that is
   * late itself first reads what has arrived meanwhile: the answer may be there.
   */
  #answerInTime(): Promise<HeartbeatAnswer> {
    const { clock, runs } = this.#context;
    const { id, leaseMs } = this.#settings;
    return new Promise((resolve, reject) => {
      const reason = 'the database does not answer the heartbeat of this worker';
      const expire = () => reject(new BatutaError('not-ready', { reason }));
      let stop = clock.after(leaseMs / 3, () => (stop = clock.after(lateMs, expire)));
      void runs
        .heartbeat(id, leaseMs)
        .then(resolve, reject)
        .finally(() => stop());
    });
  }
}
