import { freshDatabase, type FreshDatabase } from '@batuta/testkit/database';
import { openDatabase } from '@batuta/platform/database';
import { describe, expect, inject, test } from 'vitest';
import { describeOwnClock, describeRateLimiter, makeTake } from './rate-limiter.ts';

describe.each([
  { name: 'PGlite', open: () => freshDatabase('pglite') },
  { name: 'PostgreSQL', open: () => freshDatabase('postgres', inject('postgresUrl')) },
])('rate limits on $name', ({ open }) => {
  const openTwo = async () => {
    const stores = await open();
    const second = stores.url === undefined ? stores : await openDatabase({ url: stores.url });
    const release = async () => {
      if (second !== stores) await second.database.close();
      stores.release();
    };
    return { one: stores.rateLimiter, other: second.rateLimiter, release };
  };
  describeRateLimiter(openTwo);

  async function kept(stores: FreshDatabase): Promise<string[]> {
    const query = 'select key from batuta.rate_buckets order by key';
    return await stores.engine.administer(async (client) => {
      const { rows } = await client.query<{ key: string }>(query);
      return rows.map(({ key }) => key);
    });
  }

  test('forgets buckets that have been full for a while, and only those', async () => {
    const stores = await open();
    const [idle, used] = [makeTake({ key: 'idle' }), makeTake({ key: 'used' })];
    await stores.rateLimiter.take([idle, used]);
    expect(await stores.rateLimiter.forgetIdle()).toBe(0);
    const age = `update batuta.rate_buckets set full_at = now() - interval '1 hour' where key = 'idle'`;
    await stores.engine.administer((client) => client.query(age));
    expect(await stores.rateLimiter.forgetIdle()).toBe(1);
    expect(await kept(stores)).toEqual(['used']);
    stores.release();
  });

  test('a take that gets nothing writes nothing', async () => {
    const stores = await open();
    const wanted = makeTake({ least: 10, most: 10 });
    await stores.rateLimiter.take([wanted]);
    const version = () =>
      stores.engine.administer(
        async (client) => (await client.query('select xmin::text, spent from batuta.rate_buckets')).rows,
      );
    const before = await version();
    for (let index = 0; index < 5; index += 1) await stores.rateLimiter.take([wanted]);
    expect(await version()).toEqual(before);
    stores.release();
  });
});

describe('rate limits on a server of their own clock', () => {
  describeOwnClock(async () => {
    const stores = await freshDatabase('postgres', inject('postgresUrl'));
    return { one: stores.rateLimiter, other: stores.rateLimiter, release: async () => stores.release() };
  });
});
