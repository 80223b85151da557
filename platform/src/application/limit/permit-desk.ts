import { nameOf, type Bucket } from '../../domain/limit/bucket.ts';
import { Stock } from '../../domain/limit/stock.ts';
import type { Clock } from '../../port/clock.ts';
import type { BucketTake, RateLimiter } from '../../port/rate-limiter.ts';
import { BoundedMap } from './bounded-map.ts';

/** What giving out permits needs. Contract: the rate limiter does not reject. */
export interface DeskContext {
  limiter: RateLimiter;
  clock: Pick<Clock, 'monotonic'>;
}

/** How a limit stands. */
export interface Standing {
  bucket: Bucket;
  left: number;
}

/** A limit that is reached. */
export interface Refusal {
  bucket: Bucket;
  retryAfterMs: number;
}

const mostStocks = 20_000;

/**
 * Gives out permits: from the stocks of this process where they last, which costs nothing, and otherwise of the shared buckets. Every
 * bucket has one stock here, whoever asks for it.
 */
export class PermitDesk {
  readonly #context: DeskContext;
  readonly #stocks = new BoundedMap<string, Stock>(mostStocks);

  constructor(context: DeskContext) {
    this.#context = context;
  }

  /** The counter at which permits of just these buckets are given out. Callers keep it as long as the buckets are the same. */
  counter(buckets: readonly Bucket[]): PermitCounter {
    const stocks = buckets.map((bucket) => this.#stocks.getOrMake(nameOf(bucket), () => new Stock(bucket)));
    return new PermitCounter(this.#context, stocks);
  }
}

/**
 * Gives out permits of a few buckets, one of each at a time. Requests that come while the shared buckets are being asked wait for that
 * answer; the next question is for all of them.
 */
export class PermitCounter {
  readonly #context: DeskContext;
  readonly #stocks: readonly Stock[];
  readonly #waiting: PromiseWithResolvers<Refusal | null>[] = [];
  #isAsking = false;

  constructor(context: DeskContext, stocks: readonly Stock[]) {
    this.#context = context;
    this.#stocks = stocks;
  }

  /** One permit of each bucket: null, or the limit that forbids it. Answers at once where this process knows the answer. */
  take(): Refusal | null | Promise<Refusal | null> {
    const now = this.#context.clock.monotonic();
    const refusal = this.#refusal(now);
    if (refusal) return refusal;
    if (this.#waiting.length === 0 && this.#give(now)) return null;
    const place = Promise.withResolvers<Refusal | null>();
    this.#waiting.push(place);
    if (!this.#isAsking) void this.#askForAll();
    return place.promise;
  }

  /** Learns how the shared buckets stand. */
  async look(): Promise<void> {
    const { limiter, clock } = this.#context;
    const nothing = { least: 0, most: 0, spare: 0 };
    const takes = this.#stocks.map((stock) => ({ ...takeOf(stock, 0, clock.monotonic()), ...nothing }));
    const answers = await limiter.take(takes);
    for (const [index, stock] of this.#stocks.entries())
      stock.see(answers[index]?.left ?? 0, clock.monotonic());
  }

  /** How the limits stand, by what this process knows. */
  standings(): Standing[] {
    const now = this.#context.clock.monotonic();
    return this.#stocks.map((stock) => ({ bucket: stock.bucket, left: stock.left(now) }));
  }

  #refusal(now: number): Refusal | undefined {
    const stock = this.#stocks.find((each) => each.refusedFor(now) > 0);
    return stock && { bucket: stock.bucket, retryAfterMs: stock.refusedFor(now) };
  }

  #give(now: number): boolean {
    if (!this.#stocks.every((stock) => stock.hasOne(now))) return false;
    for (const stock of this.#stocks) stock.useOne(now);
    return true;
  }

  /** Each round serves somebody or refuses everybody. */
  async #askForAll(): Promise<void> {
    this.#isAsking = true;
    try {
      while (this.#waiting.length > 0) await this.#ask();
    } catch (error) {
      for (const place of this.#waiting.splice(0)) place.reject(error);
    } finally {
      this.#isAsking = false;
    }
  }

  /** What comes of a question counts as of the instant at which it was asked: on the way nothing evaporates. */
  async #ask(): Promise<void> {
    const { limiter, clock } = this.#context;
    const asked = clock.monotonic();
    const answers = await limiter.take(
      this.#stocks.map((stock) => takeOf(stock, this.#waiting.length, asked)),
    );
    for (const [index, stock] of this.#stocks.entries()) {
      stock.deposit(answers[index] ?? { taken: 0, left: 0 }, asked);
    }
    while (this.#waiting.length > 0 && this.#give(asked)) this.#waiting.shift()?.resolve(null);
    const refusal = this.#refusal(asked);
    if (refusal) for (const place of this.#waiting.splice(0)) place.resolve(refusal);
  }
}

function takeOf(stock: Stock, count: number, now: number): BucketTake {
  const { tenantId, key, perSecond, rule } = stock.bucket;
  const there = stock.available(now);
  return {
    tenantId,
    key,
    capacity: rule.limit,
    perSecond,
    least: Math.max(0, 1 - there),
    most: Math.max(0, count - there),
    spare: Math.max(0, stock.spare(now) - Math.max(0, there - count)),
    forced: false,
  };
}
