import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RedisRateLimiter } from '../../src/adapter/rate-limiter-redis/redis-rate-limiter.ts';
import { startRedis, type RedisServer } from './start-redis.ts';
import { describeOwnClock, describeRateLimiter, makeTake } from './rate-limiter.ts';

describe('rate limits in Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  const open = async () => {
    const [one, other] = await Promise.all([
      RedisRateLimiter.connect(redis.url),
      RedisRateLimiter.connect(redis.url),
    ]);
    return { one, other, release: async () => void (await Promise.all([one.close(), other.close()])) };
  };
  describeRateLimiter(open);
  describeOwnClock(open);

  async function withClient<T>(work: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis(redis.url);
    try {
      return await work(client);
    } finally {
      client.disconnect();
    }
  }

  test('a bucket expires about when it is full again', async () => {
    const limiter = await RedisRateLimiter.connect(redis.url);
    await limiter.take([makeTake({ key: 'expiring', perSecond: 0.1, least: 6, most: 6 })]);
    await limiter.close();
    const left = await withClient((client) => client.pttl('batuta:limit:["acme","expiring"]'));
    expect(left).toBeGreaterThan(58_000);
    expect(left).toBeLessThanOrEqual(61_000);
  });

  test('works on when Redis has forgotten the script', async () => {
    const limiter = await RedisRateLimiter.connect(redis.url);
    await limiter.take([makeTake()]);
    await withClient((client) => client.script('FLUSH'));
    expect(await limiter.take([makeTake()])).toMatchObject([{ taken: 1 }]);
    await limiter.close();
  });

  test('an address where nobody answers is an error at once', async () => {
    await expect(RedisRateLimiter.connect('redis://127.0.0.1:1')).rejects.toThrow(/closed|ECONNREFUSED/);
  });
});
