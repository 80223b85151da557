import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RedisBus } from '../../src/adapter/bus-redis/redis-bus.ts';
import { describeBus, type BusServer } from './bus.ts';
import { startRedis, type RedisServer } from './start-redis.ts';

describe('over Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  async function execute(...command: [string, ...string[]]): Promise<void> {
    const client = new Redis(redis.url);
    await client.call(...command);
    client.disconnect();
  }

  const server: BusServer = {
    connect: () => RedisBus.connect(redis.url),
    interrupt: async () => {
      await execute('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await execute('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    },
    sendForeign: (text) => execute('PUBLISH', 'batuta', text),
  };

  describeBus(() => server);

  test('an address where nobody answers is an error at once', async () => {
    await expect(RedisBus.connect('redis://127.0.0.1:1')).rejects.toThrow(/closed|ECONNREFUSED/);
  });
});
