import { afterAll, beforeAll, inject } from 'vitest';
import { startRedis, type RedisServer } from '../conformance/start-redis.ts';
import { describeCluster } from './describe-cluster.ts';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

describeCluster('Redis', () => ({ postgresUrl: inject('postgresUrl'), redisUrl: redis.url }));
