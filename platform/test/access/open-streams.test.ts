import { BatutaClient } from '@batuta/sdk';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { newDatabase, type NewDatabase } from '../cluster/new-database.ts';
import { administratorKey } from '../project/test-project.ts';
import { StreamHouse } from './open-streams-kit.ts';

const slow = { timeout: 30_000 };

describe.each([
  ['PGlite, in one process', 0],
  ['PostgreSQL, in two processes', 1],
])('streams that are open, on %s', (_, doors) => {
  let house: StreamHouse;
  let database: NewDatabase | undefined;
  beforeAll(async () => {
    if (doors > 0) database = await newDatabase(inject('postgresUrl'));
    const environment = database ? { DATABASE_URL: database.url } : {};
    house = await StreamHouse.open({ doors, environment });
  }, 60_000);
  afterAll(async () => {
    await house[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  async function reasonsAfter(key: string, change: () => Promise<unknown>) {
    const streams = await house.follow(key);
    const others = await house.follow(administratorKey);
    const began = performance.now();
    await change();
    const reasons = await Promise.all(streams.map((stream) => stream.reason()));
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(others.map(({ isOver }) => isOver)).toEqual(others.map(() => false));
    return [...new Set(reasons)];
  }

  test('end when their key is revoked, and nobody comes back with it', slow, async () => {
    const { key } = await house.somebody();
    expect(await reasonsAfter(key.key, () => house.client.keys.revoke(key.id))).toEqual(['key-revoked']);
    for (const { url } of house.platforms) {
      const client = new BatutaClient({ baseUrl: url ?? '', key: key.key });
      await expect(client.users.me()).rejects.toMatchObject({ code: 'key-invalid' });
    }
  });

  test('end when their user is disabled', slow, async () => {
    const { user, key } = await house.somebody();
    const disable = () => house.client.users.change(user.id, { disabled: true });
    expect(await reasonsAfter(key.key, disable)).toEqual(['user-disabled']);
  });

  test(
    'end when their user is made less than they were, and what is left can be followed',
    slow,
    async () => {
      const { user, key } = await house.somebody();
      const demote = () => house.client.users.change(user.id, { role: 'viewer' });
      expect(await reasonsAfter(key.key, demote)).toEqual(['rights-reduced']);
      const again = await house.follow(key.key);
      expect(again.map(({ isOver }) => isOver)).toEqual(again.map(() => false));
    },
  );

  test('go on when their user is made more', slow, async () => {
    const { user, key } = await house.somebody('viewer');
    const streams = await house.follow(key.key);
    await house.client.users.change(user.id, { role: 'administrator' });
    const gone = await house.somebody();
    expect(await reasonsAfter(gone.key.key, () => house.client.users.delete(gone.user.id))).toEqual([
      'key-revoked',
    ]);
    expect(streams.map(({ isOver }) => isOver)).toEqual(streams.map(() => false));
  });

  test('are ended for a client of the SDK with an error that says why', slow, async () => {
    const { key } = await house.somebody();
    const client = new BatutaClient({ baseUrl: house.platforms.at(-1)?.url ?? '', key: key.key });
    const following = (async () => {
      for await (const frame of client.sessions.events(house.session)) {
        if (frame.type === 'event' && frame.event.kind === 'run-succeeded')
          await house.client.keys.revoke(key.id);
      }
    })();
    await expect(following).rejects.toMatchObject({ code: 'access-ended', data: { reason: 'key-revoked' } });
  });
});
