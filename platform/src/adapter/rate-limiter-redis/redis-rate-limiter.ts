import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import type { BucketAnswer, BucketTake, RateLimiter } from '../../port/rate-limiter.ts';
import { takePermits } from './take-permits.ts';

const timeoutMs = 5000;
const scriptHash = createHash('sha1').update(takePermits).digest('hex');

/** Token buckets in Redis, by its clock. Full ones expire by themselves. The connection is made again when it is lost. */
export class RedisRateLimiter implements RateLimiter {
  readonly #redis: Redis;

  private constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Connects. Rejects when the first connection cannot be made. */
  static async connect(url: string): Promise<RedisRateLimiter> {
    const redis = new Redis(url, {
      lazyConnect: true,
      connectTimeout: timeoutMs,
      commandTimeout: timeoutMs,
      // Whoever asks while Redis is away is told at once, and goes on without it.
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 2000),
    });
    // Errors of a connection are followed by a new one; without a listener they would end the process.
    redis.on('error', () => undefined);
    try {
      await redis.connect();
    } catch (error) {
      redis.disconnect();
      throw error;
    }
    return new RedisRateLimiter(redis);
  }

  async take(takes: readonly BucketTake[]): Promise<BucketAnswer[]> {
    const keys = takes.map(({ tenantId, key }) => `batuta:limit:${JSON.stringify([tenantId, key])}`);
    const values = takes.flatMap(({ capacity, perSecond, least, most, spare, forced }) => [
      ...[capacity, perSecond, least, most, spare].map(String),
      forced ? '1' : '0',
    ]);
    const answer = await this.#execute(keys, values);
    return takes.map((_, index) => ({
      taken: Number(answer[index * 2]),
      left: Number(answer[index * 2 + 1]),
    }));
  }

  async forgetIdle(): Promise<number> {
    return 0;
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
  }

  /** Redis forgets scripts when it starts anew. */
  async #execute(keys: readonly string[], values: readonly string[]): Promise<string[]> {
    try {
      return (await this.#redis.evalsha(scriptHash, keys.length, ...keys, ...values)) as string[];
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return (await this.#redis.eval(takePermits, keys.length, ...keys, ...values)) as string[];
    }
  }
}
