import { closeFreshDatabases, freshDatabase, type FreshDatabase } from '@batuta/testkit/database';
import { startPostgres, type PostgresServer } from '@batuta/testkit/postgres';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeTurn, note, start } from '../conformance/make-run.ts';

const commits = 300;
const events = [note('x'.repeat(350)), note('y'.repeat(350))];

/** Of its own: the log that is measured is the whole server's, and other tests write, too. */
let server: PostgresServer;
let database: FreshDatabase;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await closeFreshDatabases();
  await server.stop();
});

beforeEach(async () => {
  database = await freshDatabase('postgres', server.url);
  await database.runs.heartbeat('worker-1', 60_000);
});
afterEach(() => database.release());

async function ask(sql: string): Promise<number> {
  return await database.engine.administer(async (client) => {
    const answer = await client.query<{ value: string }>(sql);
    return Number(answer.rows[0]?.value);
  });
}

async function commitMany(): Promise<void> {
  const lease = await start(database.runs);
  for (let index = 0; index < commits; index += 1) {
    await database.runs.commit(makeTurn(lease, 2 + index * 2, { events }));
  }
}

test('a turn of two events writes less than 2 kB of log', async () => {
  // The first change of a page after a checkpoint logs the whole page: neither begins nor ends in the measurement.
  await ask('checkpoint');
  await commitMany();
  const position = `select pg_current_wal_insert_lsn() - '0/0' as value`;
  const before = await ask(position);
  await commitMany();
  expect(((await ask(position)) - before) / commits).toBeLessThan(2000);
});

test('a turn touches no index of its run', async () => {
  const hot = `select pg_stat_get_tuples_hot_updated('batuta.runs'::regclass) as value`;
  const before = await ask(hot);
  await commitMany();
  const client = await database.engine.connect();
  await client.query('select pg_stat_force_next_flush()');
  client.release();
  await expect.poll(async () => (await ask(hot)) - before).toBeGreaterThan(commits * 0.95);
});
