import { BatutaError } from '@batuta/contract';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import type { BucketAnswer, BucketTake, RateLimiter } from '../../port/rate-limiter.ts';

/** How long requests wait for the shared buckets. */
const answerWithinMs = 1_000;

/** How long they are left alone after they did not answer. */
const leftAloneMs = 5_000;

/** What a steady rate limiter is made of. */
export interface SteadyParts {
  shared: RateLimiter;
  /** Of this process alone. Contract: does not reject. */
  own: RateLimiter;
  clock: Clock;
  log: Log;
}

/**
 * The shared buckets as long as they answer; otherwise, for a few seconds at a time, buckets of this process alone, which know nothing of
 * what was used elsewhere. So nobody is locked out because a store is down, and each process by itself still keeps every limit.
 * Contract: `take` does not reject.
 */
export class SteadyRateLimiter implements RateLimiter {
  readonly #parts: SteadyParts;
  #aloneUntil = Number.NEGATIVE_INFINITY;
  #isAlone = false;

  constructor(parts: SteadyParts) {
    this.#parts = parts;
  }

  async take(takes: readonly BucketTake[]): Promise<BucketAnswer[]> {
    const { own, clock } = this.#parts;
    if (clock.monotonic() < this.#aloneUntil) return await own.take(takes);
    try {
      const answers = await this.#inTime(takes);
      this.#found();
      return answers;
    } catch (error) {
      this.#lost(error);
      return await own.take(takes);
    }
  }

  async forgetIdle(): Promise<number> {
    return await this.#parts.shared.forgetIdle();
  }

  async close(): Promise<void> {
    await this.#parts.shared.close();
  }

  #inTime(takes: readonly BucketTake[]): Promise<BucketAnswer[]> {
    const { shared, clock } = this.#parts;
    return new Promise((resolve, reject) => {
      const reason = `the shared limits do not answer within ${answerWithinMs} ms`;
      const stop = clock.after(answerWithinMs, () => reject(new BatutaError('not-ready', { reason })));
      void shared.take(takes).then(resolve, reject).finally(stop);
    });
  }

  #lost(error: unknown): void {
    const { clock, log } = this.#parts;
    this.#aloneUntil = clock.monotonic() + leftAloneMs;
    if (!this.#isAlone)
      log.warn('limits are kept by each process alone: the shared ones do not answer', { error });
    this.#isAlone = true;
  }

  #found(): void {
    if (this.#isAlone) this.#parts.log.info('limits are shared between processes again');
    this.#isAlone = false;
  }
}
