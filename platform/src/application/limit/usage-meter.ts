import { millisecondsUntil, nameOf, type Bucket } from '../../domain/limit/bucket.ts';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import type { BucketTake, RateLimiter } from '../../port/rate-limiter.ts';
import { BoundedMap } from './bounded-map.ts';

/** Charges are sent together after so long; at once where a limit is near. */
const sendAfterMs = 250;

/** What is known of a bucket is believed for so long: far from its limit, and near it. */
const believedMs = { far: 30_000, near: 2_000 };

const mostViews = 20_000;

/** What is known of a bucket: what it held, and what was used of it here since. */
interface View {
  bucket: Bucket;
  left: number;
  /** Null: nobody has looked yet. */
  at: number | null;
  /** Used and not told yet. */
  pending: number;
  /** Being told. */
  sending: number;
}

/** What the meter is made of. Contract: the rate limiter does not reject. */
export interface MeterContext {
  limiter: RateLimiter;
  clock: Pick<Clock, 'monotonic' | 'after'>;
  log: Log;
}

/**
 * Counts what is known only after it was used: tokens of model calls, requests that failed. It is charged to the shared buckets in
 * batches, also into debt; whoever wants to use more asks before whether anything is left.
 */
export class UsageMeter {
  readonly #context: MeterContext;
  readonly #views = new BoundedMap<string, View>(mostViews);
  readonly #charged = new Set<View>();
  #stopTimer: (() => void) | undefined;

  constructor(context: MeterContext) {
    this.#context = context;
  }

  /** Counts a use; less than 0 takes one back that was counted too early. */
  charge(buckets: readonly Bucket[], amount: number): void {
    if (amount === 0) return;
    let isNear = false;
    for (const bucket of buckets) {
      const view = this.#view(bucket);
      view.pending += amount;
      this.#charged.add(view);
      isNear ||= this.#isNear(view);
    }
    if (isNear) this.#stopSending();
    if (buckets.length > 0)
      this.#stopTimer ??= this.#context.clock.after(isNear ? 0 : sendAfterMs, () => this.#send());
  }

  /** Milliseconds until something is left of every bucket, and the one that takes longest; null: something is. */
  wait(buckets: readonly Bucket[]): { bucket: Bucket; ms: number } | null {
    let longest: { bucket: Bucket; ms: number } | null = null;
    for (const bucket of buckets) {
      const left = this.left(bucket);
      const ms = left > 0 ? 0 : millisecondsUntil(bucket, left, Math.min(1, bucket.rule.limit));
      if (ms > (longest?.ms ?? 0)) longest = { bucket, ms };
    }
    return longest;
  }

  /** What seems to be left; less than 0 is a debt. */
  left(bucket: Bucket): number {
    return this.#left(this.#view(bucket));
  }

  /** Looks at buckets of which too little is known; undefined where enough is. */
  refresh(buckets: readonly Bucket[], { always = false } = {}): Promise<void> | undefined {
    const stale = buckets.map((bucket) => this.#view(bucket)).filter((view) => always || this.#isStale(view));
    return stale.length === 0 ? undefined : this.#tell(stale);
  }

  /** Sends what was not sent yet. */
  async flush(): Promise<void> {
    this.#stopSending();
    const charged = [...this.#charged];
    this.#charged.clear();
    if (charged.length > 0) await this.#tell(charged);
  }

  #send(): void {
    this.#stopTimer = undefined;
    this.flush().catch((error: unknown) => this.#context.log.warn('usage cannot be counted', { error }));
  }

  #stopSending(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  async #tell(views: readonly View[]): Promise<void> {
    const amounts = views.map((view) => {
      const amount = view.pending;
      view.pending = 0;
      view.sending += amount;
      this.#charged.delete(view);
      return amount;
    });
    const answers = await this.#context.limiter.take(
      views.map((view, index) => takeOf(view, amounts[index] ?? 0)),
    );
    for (const [index, view] of views.entries()) {
      view.sending -= amounts[index] ?? 0;
      view.left = answers[index]?.left ?? view.left;
      view.at = this.#context.clock.monotonic();
    }
  }

  #view(bucket: Bucket): View {
    return this.#views.getOrMake(nameOf(bucket), () => {
      return { bucket, left: bucket.rule.limit, at: null, pending: 0, sending: 0 };
    });
  }

  #left({ bucket, left, at, pending, sending }: View): number {
    const gained = at === null ? 0 : ((this.#context.clock.monotonic() - at) / 1000) * bucket.perSecond;
    return Math.min(bucket.rule.limit, left + gained) - pending - sending;
  }

  #isNear(view: View): boolean {
    return this.#left(view) < view.bucket.rule.limit / 5;
  }

  #isStale(view: View): boolean {
    if (view.at === null) return true;
    const age = this.#context.clock.monotonic() - view.at;
    return age > (this.#isNear(view) ? believedMs.near : believedMs.far);
  }
}

/** A charge, or a mere look where there is nothing to charge. */
function takeOf({ bucket }: View, amount: number): BucketTake {
  const { tenantId, key, perSecond, rule } = bucket;
  const wanted = { least: 0, most: amount, spare: 0, forced: amount !== 0 };
  return { tenantId, key, capacity: rule.limit, perSecond, ...wanted };
}
