import { AdvancingClock } from '@batuta/testkit/clock';
import { describe, expect, test } from 'vitest';
import { MemoryRateLimiter } from '../../src/adapter/rate-limiter-memory/memory-rate-limiter.ts';
import { describeRateLimiter, makeTake } from './rate-limiter.ts';

describe('rate limits in process', () => {
  const open = async () => {
    const limiter = new MemoryRateLimiter(performanceClock);
    return { one: limiter, other: limiter, release: () => limiter.close() };
  };
  describeRateLimiter(open);

  test('forgets buckets that are full again, and only those', async () => {
    const clock = new AdvancingClock();
    const limiter = new MemoryRateLimiter(clock);
    await limiter.take([makeTake({ perSecond: 1 }), makeTake({ perSecond: 0.001 })]);
    expect(await limiter.forgetIdle()).toBe(0);
    clock.advance(10_000);
    expect(await limiter.forgetIdle()).toBe(1);
  });

  test('forgets them by itself before many thousands are kept', async () => {
    const clock = new AdvancingClock();
    const limiter = new MemoryRateLimiter(clock);
    for (let round = 0; round < 5; round += 1) {
      await limiter.take(Array.from({ length: 4000 }, () => makeTake({ perSecond: 1 })));
      clock.advance(10_000);
    }
    expect(await limiter.forgetIdle()).toBeLessThanOrEqual(12_000);
  });
});

const performanceClock = { monotonic: () => performance.now() };
