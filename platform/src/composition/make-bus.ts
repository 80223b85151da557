import { BatutaError } from '@batuta/contract';
import { makeLonelyBus } from '../adapter/bus-memory/memory-bus.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import type { Bus } from '../port/bus.ts';

/**
 * The bus that fits the database: nobody else can use an embedded one; a server carries the messages itself unless Redis is
 * configured. Errors: `database-unreachable`, `configuration-invalid` (Redis does not answer).
 */
export async function makeBus({ database, bus }: Configuration): Promise<Bus> {
  if (database.url === undefined) return makeLonelyBus();
  return bus.redisUrl === undefined ? connectPostgres(database.url) : connectRedis(bus.redisUrl);
}

async function connectPostgres(url: string): Promise<Bus> {
  const { PostgresBus } = await import('../adapter/bus-postgres/postgres-bus.ts');
  try {
    return await PostgresBus.connect(url);
  } catch (error) {
    const address = URL.parse(url)?.host ?? 'DATABASE_URL';
    throw new BatutaError('database-unreachable', { address, reason: reasonOf(error) }, { cause: error });
  }
}

async function connectRedis(url: string): Promise<Bus> {
  const { RedisBus } = await import('../adapter/bus-redis/redis-bus.ts');
  try {
    return await RedisBus.connect(url);
  } catch (error) {
    const reason = `names a Redis that cannot be reached: ${reasonOf(error)}`;
    throw new BatutaError(
      'configuration-invalid',
      { name: 'bus.redis_url', source: 'REDIS_URL', reason },
      { cause: error },
    );
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
