import { AdvancingClock } from '@batuta/testkit/clock';
import { MemoryRateLimiter } from '../../src/adapter/rate-limiter-memory/memory-rate-limiter.ts';
import { LimitKeeper, noLimits, type LimitSettings } from '../../src/application/limit/limits.ts';
import { bucketOf, type Bucket } from '../../src/domain/limit/bucket.ts';
import type { BucketAnswer, BucketTake, RateLimiter } from '../../src/port/rate-limiter.ts';
import { MemoryLog } from '../http/open-door.ts';

/** A rate limiter that counts how often it is asked, and can be held up. */
export class WatchedLimiter implements RateLimiter {
  readonly #inner: RateLimiter;
  readonly takes: (readonly BucketTake[])[] = [];
  failure: Error | undefined;
  gate: Promise<void> | undefined;

  constructor(inner: RateLimiter) {
    this.#inner = inner;
  }

  async take(takes: readonly BucketTake[]): Promise<BucketAnswer[]> {
    this.takes.push(takes);
    await this.gate;
    if (this.failure) throw this.failure;
    return await this.#inner.take(takes);
  }

  forgetIdle = () => this.#inner.forgetIdle();
  close = () => this.#inner.close();
}

/** Shared buckets and a clock of their own. */
export function makeLimiter() {
  const clock = new AdvancingClock();
  return { clock, limiter: new WatchedLimiter(new MemoryRateLimiter(clock)) };
}

/** A bucket of a tenant's requests. */
export function makeBucket(limit: number, per: 'minute' | 'day' = 'day', owner = 'acme'): Bucket {
  return bucketOf({ subject: 'tenant', resource: 'requests', per, limit }, { tenantId: 'acme', owner });
}

/** The limits of one process over shared buckets. */
export function makeKeeper(
  shared: ReturnType<typeof makeLimiter>,
  settings: Partial<LimitSettings>,
  planOfTenant: (tenantId: string) => Promise<string | undefined> = async () => undefined,
) {
  const log = new MemoryLog();
  const keeper = new LimitKeeper({ ...shared, log, planOfTenant, settings: { ...noLimits, ...settings } });
  return { keeper, log };
}

/** Somebody of the tenant `acme`. */
export const ana = { tenantId: 'acme', userId: 'usr_ana', keyId: 'key_ana' };
