import { millisecondsUntil, type Bucket } from './bucket.ts';

/** Uses for which permits are taken ahead before it is known how busy a bucket is here. */
const firstUses = 4;

/** What is taken ahead should last about so long. */
const lastsMs = 5_000;

/** Permits are counted in fractions: so much less than one is still one. */
const almostOne = 1 - 1e-9;

/** What the shared bucket held when it was last asked. */
interface Known {
  left: number;
  at: number;
}

/**
 * Permits of one shared bucket that this process has taken ahead and gives out by itself. All instants are of the monotonic clock.
 *
 * They *evaporate* as fast as the shared bucket is filled. That keeps the limit exact without anybody knowing who holds what: the bucket
 * and all stocks together never hold more than its capacity, because while a stock holds something, it loses what the bucket gains. A
 * process that dies takes nothing away for longer than the bucket needs to gain it.
 *
 * States: *stocked* (gives out), *empty* (the shared bucket must be asked), *refused* until an instant (the shared bucket was empty: it
 * cannot hold a permit before then, so that nobody needs to ask).
 */
export class Stock {
  readonly bucket: Bucket;
  #permits = 0;
  #at = 0;
  #known: Known | null = null;
  #used = 0;
  #refusedUntil = Number.NEGATIVE_INFINITY;

  constructor(bucket: Bucket) {
    this.bucket = bucket;
  }

  /** Permits that can be given out, in fractions. `now` may be a moment ago: another counter may have used some since. */
  available(now: number): number {
    const elapsed = Math.max(0, now - this.#at);
    return Math.max(0, this.#permits - (elapsed / 1000) * this.bucket.perSecond);
  }

  hasOne(now: number): boolean {
    return this.available(now) >= almostOne;
  }

  /** Gives one out. Contract: `hasOne(now)`. */
  useOne(now: number): void {
    this.#permits = Math.max(0, this.available(now) - 1);
    this.#at = Math.max(this.#at, now);
    this.#used += 1;
  }

  /** Milliseconds for which asking is of no use; not more than 0: ask. */
  refusedFor(now: number): number {
    return this.#refusedUntil - now;
  }

  /** How many permits to take on top of those that are needed now: what is used here in a few seconds, and what evaporates meanwhile. */
  spare(now: number): number {
    const elapsed = this.#known === null ? Number.POSITIVE_INFINITY : now - this.#known.at;
    const uses = elapsed < lastsMs ? this.#used * 2 : (this.#used / elapsed) * lastsMs;
    const evaporates = (lastsMs / 1000) * this.bucket.perSecond;
    return Math.ceil(Math.max(firstUses, uses) + evaporates);
  }

  /** What was taken of the shared bucket. Where that does not make one permit, the bucket is empty. */
  deposit(answer: { taken: number; left: number }, now: number): void {
    this.#permits = this.available(now) + answer.taken;
    this.#at = Math.max(this.#at, now);
    this.#known = { left: answer.left, at: now };
    this.#used = 0;
    if (!this.hasOne(now)) this.#refusedUntil = now + millisecondsUntil(this.bucket, answer.left, 1);
  }

  /** What the shared bucket holds was learned without taking anything. */
  see(left: number, now: number): void {
    this.#known = { left, at: now };
  }

  /** What seems to be left of the whole limit. */
  left(now: number): number {
    const { limit } = this.bucket.rule;
    if (this.#known === null) return limit;
    const gained = ((now - this.#known.at) / 1000) * this.bucket.perSecond;
    return Math.max(0, Math.min(limit, this.#known.left + gained + this.available(now)));
  }
}
