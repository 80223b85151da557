import type { Clock } from '../../port/clock.ts';
import type { BucketAnswer, BucketTake, RateLimiter } from '../../port/rate-limiter.ts';

/** What was spent of a bucket, as of an instant. */
interface Bucket {
  spent: number;
  at: number;
  fullAt: number;
}

/** Buckets above which full ones are forgotten without being asked; the bound doubles when that is not enough. */
const tidyAbove = 10_000;

/** Token buckets of one process. */
export class MemoryRateLimiter implements RateLimiter {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #buckets = new Map<string, Bucket>();
  #tidyAt = tidyAbove;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  async take(takes: readonly BucketTake[]): Promise<BucketAnswer[]> {
    const now = this.#clock.monotonic();
    const answers = takes.map((wanted) => this.#takeOne(wanted, now));
    if (this.#buckets.size > this.#tidyAt) {
      this.#forget(now);
      this.#tidyAt = Math.max(tidyAbove, this.#buckets.size * 2);
    }
    return answers;
  }

  async forgetIdle(): Promise<number> {
    return this.#forget(this.#clock.monotonic());
  }

  async close(): Promise<void> {
    this.#buckets.clear();
  }

  #takeOne(wanted: BucketTake, now: number): BucketAnswer {
    const { capacity, perSecond } = wanted;
    const name = JSON.stringify([wanted.tenantId, wanted.key]);
    const bucket = this.#buckets.get(name) ?? { spent: 0, at: now, fullAt: now };
    const spent = Math.max(0, bucket.spent - ((now - bucket.at) / 1000) * perSecond);
    const taken = grant(wanted, capacity - spent);
    const after = Math.max(0, spent + taken);
    if (taken !== 0) {
      this.#buckets.set(name, { spent: after, at: now, fullAt: now + (after / perSecond) * 1000 });
    }
    return { taken, left: capacity - after };
  }

  #forget(now: number): number {
    const before = this.#buckets.size;
    for (const [name, bucket] of this.#buckets) if (bucket.fullAt <= now) this.#buckets.delete(name);
    return before - this.#buckets.size;
  }
}

function grant({ least, most, spare, forced }: BucketTake, there: number): number {
  if (forced) return most;
  if (there < least) return 0;
  const needed = least + Math.floor(Math.max(0, Math.min(most, there) - least));
  return needed + Math.floor(Math.max(0, Math.min(spare, (there - needed) / 10)));
}
