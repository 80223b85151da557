import { freshDatabase, type FreshDatabase } from '@batuta/testkit/database';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { makeRun, makeTurn, queue, start } from '../conformance/make-run.ts';
import { accept, ended } from '../scenario/processes.ts';

const kinds = ['pglite', 'postgres'] as const;
const cleanUp: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

async function administer({ engine }: Pick<FreshDatabase, 'engine'>, sql: string): Promise<void> {
  await engine.administer((client) => client.query(sql));
}

/** Makes every further write of events fail as a full disk does. Gives what frees the disk again. */
async function fillDisk(database: Pick<FreshDatabase, 'engine'>): Promise<() => Promise<void>> {
  await administer(
    database,
    `create or replace function batuta.full_disk() returns trigger language plpgsql as
       $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
     create trigger full_disk before insert on batuta.events execute function batuta.full_disk()`,
  );
  const free = () => administer(database, 'drop trigger if exists full_disk on batuta.events');
  cleanUp.push(free);
  return free;
}

describe.each(kinds)('a full disk on %s', (kind) => {
  it('is told as a database that cannot be used, and nothing is written until there is room', async () => {
    const database = await freshDatabase(kind, inject('postgresUrl'));
    cleanUp.push(async () => database.release());
    await database.runs.heartbeat('worker-1', 60_000);
    const lease = await start(database.runs);
    const free = await fillDisk(database);
    const refused = {
      code: 'database-unreachable',
      data: { reason: expect.stringContaining('No space left') },
    };
    await expect(database.runs.commit(makeTurn(lease, 2))).rejects.toMatchObject(refused);
    await expect(queue(database.runs, makeRun())).rejects.toMatchObject(refused);
    await free();
    expect(await database.runs.commit(makeTurn(lease, 2))).toMatchObject({ outcome: 'committed' });
  });

  it('fails no run: it goes on when there is room again', async () => {
    const letGo = Promise.withResolvers<void>();
    const warn = (message: string) => message.startsWith('a run was let go') && letGo.resolve();
    const silent = () => undefined;
    const log = { debug: silent, info: silent, warn, error: silent };
    const options = {
      log,
      database: kind,
      postgresUrl: inject('postgresUrl'),
      model: () => ({ text: 'Done.' }),
    };
    await withPlatform(options, async (platform: TestPlatform) => {
      const commit = platform.signals.hold('commit-before');
      const { id } = await accept(platform);
      await commit.arrived;
      const free = await fillDisk(platform.stores);
      commit.release();
      await letGo.promise;
      await free();
      expect(await ended(platform, id)).toMatchObject({ status: 'succeeded', output: { text: 'Done.' } });
    });
  });
});
