/**
 * What is wanted of one token bucket. A bucket holds `capacity` permits when it is full, which it is at first, and gains `perSecond`.
 * Whoever asks says what the bucket is: only what was spent of it is kept.
 */
export interface BucketTake {
  /** Whose bucket it is; null for what belongs to no tenant, such as an address. The same key of two tenants is two buckets. */
  tenantId: string | null;
  key: string;
  capacity: number;
  perSecond: number;
  /** With less than this in it, nothing is taken. At most `most`, which 0 makes a mere look. */
  least: number;
  /** Taken as far as it is there: `least`, and as many whole permits on top. */
  most: number;
  /** Wanted on top for what comes next: whole permits, never more than a tenth of what is left, so that none are hoarded near the limit. */
  spare: number;
  /**
   * `most` was used already: it is taken whether it is there or not, and the bucket may be in debt afterwards. Less than 0 is given back,
   * until the bucket is full.
   */
  forced: boolean;
}

/** What came of a take. */
export interface BucketAnswer {
  /** 0 when there was less than `least`. */
  taken: number;
  /** What the bucket holds afterwards; less than 0 is a debt. */
  left: number;
}

/**
 * Token buckets that all processes of a platform share. Contract: what is taken of a bucket in any stretch of time is at most its
 * capacity and what it gained, however many processes take at once (forced takes aside); time is the store's own. Each bucket is
 * judged by itself; all of one call are asked in one round trip; a key stands in a call at most once.
 */
export interface RateLimiter {
  take(takes: readonly BucketTake[]): Promise<BucketAnswer[]>;
  /** Forgets buckets that are full again; how many there were, where that is known. */
  forgetIdle(): Promise<number>;
  close(): Promise<void>;
}
