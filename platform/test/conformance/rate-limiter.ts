import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { BucketTake, RateLimiter } from '../../src/port/rate-limiter.ts';

/** Two processes' ways to the same buckets. */
export interface RateLimiters {
  one: RateLimiter;
  other: RateLimiter;
  release(): Promise<void>;
}

const day = 86_400;
let made = 0;

/** A take of one permit of a bucket of ten that a test does not see refilled. */
export function makeTake(changes: Partial<BucketTake> = {}): BucketTake {
  const key = `bucket ${(made += 1)}`;
  const bucket = { tenantId: 'acme', key, capacity: 10, perSecond: 10 / day };
  return { ...bucket, least: 1, most: 1, spare: 0, forced: false, ...changes };
}

/** What every store of token buckets must do. */
export function describeRateLimiter(open: () => Promise<RateLimiters>): void {
  const { limiters, takeOne } = useLimiters(open);

  test('a bucket is full at first, gives what it holds at once, and then nothing', async () => {
    const wanted = makeTake();
    for (let left = 9; left >= 0; left -= 1) {
      const answer = await takeOne(wanted);
      expect(answer.taken).toBe(1);
      expect(answer.left).toBeCloseTo(left, 2);
    }
    expect(await takeOne(wanted)).toMatchObject({ taken: 0 });
  });

  test('what one process takes is gone for the other', async () => {
    const wanted = makeTake({ least: 10, most: 10 });
    expect(await takeOne(wanted)).toMatchObject({ taken: 10 });
    expect(await takeOne({ ...wanted, least: 1, most: 1 }, limiters().other)).toMatchObject({ taken: 0 });
  });

  test('a bucket gains with time until it is full, and never more', async () => {
    const wanted = makeTake({ capacity: 100, perSecond: 5000, least: 100, most: 100 });
    await takeOne(wanted);
    const look = { ...wanted, least: 0, most: 0 };
    let left = 0;
    while (left < 100) {
      const now = await takeOne(look);
      expect(now.left).toBeGreaterThanOrEqual(left);
      left = now.left;
    }
    expect(left).toBe(100);
    expect(await takeOne({ ...wanted, least: 101, most: 101 })).toEqual({ taken: 0, left: 100 });
  });

  test('more than a bucket can hold is never given, and takes nothing away', async () => {
    const wanted = makeTake();
    expect(await takeOne({ ...wanted, least: 11, most: 11 })).toEqual({ taken: 0, left: 10 });
    expect(await takeOne({ ...wanted, least: 10, most: 20 })).toMatchObject({ taken: 10 });
  });

  test('as much is given as there is, but not less than the least', async () => {
    const wanted = makeTake();
    await takeOne({ ...wanted, least: 7, most: 7 });
    expect(await takeOne({ ...wanted, least: 4, most: 4 })).toMatchObject({ taken: 0 });
    const answer = await takeOne({ ...wanted, least: 1, most: 9 });
    expect(answer.taken).toBe(3);
    expect(answer.left).toBeCloseTo(0, 2);
  });

  test('a stock for later is at most a tenth of what is left, so that nothing is hoarded near the limit', async () => {
    const wanted = makeTake({ capacity: 1001, perSecond: 1 / day, spare: 500 });
    expect(await takeOne(wanted)).toEqual({ taken: 101, left: 900 });
    expect(await takeOne({ ...wanted, least: 0, most: 0, spare: 20 })).toMatchObject({ taken: 20 });
    await takeOne({ ...wanted, least: 870, most: 870, spare: 0 });
    expect(await takeOne(wanted, limiters().other)).toMatchObject({ taken: 1 });
    expect(await takeOne({ ...wanted, least: 0, most: 0 })).toMatchObject({ taken: 0 });
  });

  test('part of a permit can be asked for, and whole ones on top', async () => {
    const wanted = makeTake({ least: 0.25, most: 3.25 });
    expect(await takeOne(wanted)).toMatchObject({ taken: 3.25 });
    const answer = await takeOne({ ...wanted, least: 0.5, most: 9.5 });
    expect(answer.taken).toBe(6.5);
    expect(answer.left).toBeCloseTo(0.25, 2);
  });

  test('what was used already is charged even into debt, which must be paid back first', async () => {
    const wanted = makeTake();
    expect(await takeOne({ ...wanted, most: 25, forced: true })).toEqual({ taken: 25, left: -15 });
    expect(await takeOne(wanted)).toMatchObject({ taken: 0 });
    expect((await takeOne({ ...wanted, least: 0, most: 5 })).taken).toBe(0);
  });

  test('what was charged too early is given back, until the bucket is full', async () => {
    const wanted = makeTake();
    await takeOne({ ...wanted, most: 25, forced: true });
    const answer = await takeOne({ ...wanted, most: -18, forced: true });
    expect(answer.left).toBeCloseTo(3, 2);
    expect(await takeOne({ ...wanted, most: -100, forced: true }, limiters().other)).toMatchObject({
      left: 10,
    });
    expect(await takeOne({ ...wanted, least: 11, most: 11 })).toMatchObject({ taken: 0, left: 10 });
  });

  test('each tenant has its own buckets, and nobody has one that is none of theirs', async () => {
    const wanted = makeTake({ least: 10, most: 10 });
    const takes = [wanted, { ...wanted, tenantId: 'other' }, { ...wanted, tenantId: null }];
    expect((await limiters().one.take(takes)).map(({ taken }) => taken)).toEqual([10, 10, 10]);
    expect((await limiters().other.take(takes)).map(({ taken }) => taken)).toEqual([0, 0, 0]);
  });

  test('buckets of one take are judged one by one and answered in order', async () => {
    const [first, second, third] = [makeTake(), makeTake({ capacity: 2, least: 3 }), makeTake({ most: 4 })];
    const answers = await limiters().one.take([third, second, first]);
    expect(answers.map(({ taken }) => taken)).toEqual([4, 0, 1]);
  });

  test('of a hundred takers at once exactly as many get one as there are', async () => {
    const wanted = makeTake({ capacity: 37 });
    const takers = Array.from({ length: 100 }, (_, index) =>
      takeOne(wanted, index % 2 === 0 ? limiters().one : limiters().other),
    );
    const answers = await Promise.all(takers);
    expect(answers.filter(({ taken }) => taken > 0)).toHaveLength(37);
  });

  test('takers of the same buckets in any order do not wait for each other for ever', async () => {
    const keys = Array.from({ length: 6 }, () => makeTake({ capacity: 50 }));
    const takers = Array.from({ length: 60 }, (_, index) => {
      const order = keys.toSorted(
        (a, b) => ((a.key.length * 31 + index) % 7) - ((b.key.length * 17 + index) % 5),
      );
      return (index % 2 === 0 ? limiters().one : limiters().other).take(
        index % 3 === 0 ? order.toReversed() : order,
      );
    });
    const answers = (await Promise.all(takers)).flat();
    expect(answers.reduce((sum, { taken }) => sum + taken, 0)).toBe(300);
  });

  test('a name of any characters is a name', async () => {
    const names = ['a\u0000b', 'a"b\\', '{é}', ' '];
    const takes = names.map((key) => makeTake({ key: `${key} ${made}`, least: 10, most: 10 }));
    expect((await limiters().one.take(takes)).map(({ taken }) => taken)).toEqual([10, 10, 10, 10]);
    expect((await limiters().one.take(takes)).map(({ taken }) => taken)).toEqual([0, 0, 0, 0]);
  });
}

/** What a store must do besides that is not in this process. */
export function describeOwnClock(open: () => Promise<RateLimiters>): void {
  const { takeOne } = useLimiters(open);

  test('the clock of the process that asks does not matter', async () => {
    const wanted = makeTake({ least: 10, most: 10 });
    await takeOne(wanted);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 7 * day * 1000 });
    expect(await takeOne({ ...wanted, least: 1, most: 1 })).toMatchObject({ taken: 0 });
    vi.setSystemTime(Date.now() - 14 * day * 1000);
    expect(await takeOne({ ...wanted, least: 1, most: 1 })).toMatchObject({ taken: 0 });
  });
}

function useLimiters(open: () => Promise<RateLimiters>) {
  let current: RateLimiters | undefined;
  const limiters = (): RateLimiters => {
    if (!current) throw new TypeError('used outside of a test');
    return current;
  };
  beforeEach(async () => {
    current = await open();
  });
  afterEach(() => {
    vi.useRealTimers();
    return current?.release();
  });
  const takeOne = async (wanted: BucketTake, by = limiters().one) => {
    const [answer] = await by.take([wanted]);
    return answer ?? { taken: Number.NaN, left: Number.NaN };
  };
  return { limiters, takeOne };
}
