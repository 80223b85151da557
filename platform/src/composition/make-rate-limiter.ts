import { BatutaError } from '@batuta/contract';
import { MemoryRateLimiter } from '../adapter/rate-limiter-memory/memory-rate-limiter.ts';
import { systemClock } from '../adapter/clock-system/system-clock.ts';
import type { LimitSettings } from '../application/limit/limits.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import type { RateLimiter } from '../port/rate-limiter.ts';

/**
 * Where limits are counted: in this process when nobody else can use its database; otherwise in Redis where it is configured, else in
 * the database. Errors: `configuration-invalid` (Redis does not answer).
 */
export async function makeRateLimiter(
  { database, bus }: Configuration,
  inDatabase: RateLimiter,
): Promise<RateLimiter> {
  if (database.url === undefined) return new MemoryRateLimiter(systemClock);
  if (bus.redisUrl === undefined) return inDatabase;
  const { RedisRateLimiter } = await import('../adapter/rate-limiter-redis/redis-rate-limiter.ts');
  try {
    return await RedisRateLimiter.connect(bus.redisUrl);
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    const reason = `names a Redis that cannot be reached: ${told}`;
    const setting = { name: 'bus.redis_url', source: 'REDIS_URL' };
    throw new BatutaError('configuration-invalid', { ...setting, reason }, { cause: error });
  }
}

/** What limits are told by the configuration. */
export function limitSettings({ limits }: Configuration): LimitSettings {
  const { plans, defaultPlan, addressRequestsPerMinute, addressFailuresPerMinute, onTokenLimit } = limits;
  const tokenWaitMs = limits.tokenWaitSeconds * 1000;
  return {
    plans,
    defaultPlan,
    addressRequestsPerMinute,
    addressFailuresPerMinute,
    tokenWaitMs,
    onTokenLimit,
  };
}
