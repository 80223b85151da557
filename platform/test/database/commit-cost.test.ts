import { closeFreshDatabases, freshDatabase, type FreshDatabase } from '@batuta/testkit/database';
import { startPostgres, type PostgresServer } from '@batuta/testkit/postgres';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Lease } from '../../src/port/run-record.ts';
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

const accounts = ['run/run_1', 'session/ses_1', 'tenant//day/2026-11-21'];

/** As many turns under three budgets, each with a call that is settled and one that is reserved. */
async function commitCharged(lease: Lease, from: number): Promise<void> {
  for (let index = from; index < from + commits; index += 1) {
    const charges = accounts.map((account) => ({ account, slice: 0, spent: 7, reserved: 0, limit: 1e9 }));
    const entry = { reservationId: `rsv_${index}`, model: 'a/b', micros: 10 };
    const ledger = (['reserve', 'settle'] as const).map((kind) => ({ ...entry, kind }));
    await database.runs.commit(makeTurn(lease, 2 + index * 2, { events, charges, ledger }));
  }
}

test('a turn under three budgets writes less than 4 kB of log, and touches no index of their accounts', async () => {
  const lease = await start(database.runs);
  await commitCharged(lease, 0);
  await ask('checkpoint');
  await commitCharged(lease, commits);
  const position = `select pg_current_wal_insert_lsn() - '0/0' as value`;
  const before = await ask(position);
  await commitCharged(lease, 2 * commits);
  expect(((await ask(position)) - before) / commits).toBeLessThan(4000);
  const hot = `select pg_stat_get_tuples_hot_updated('batuta.budget_usage'::regclass) as value`;
  const client = await database.engine.connect();
  await client.query('select pg_stat_force_next_flush()');
  client.release();
  await expect.poll(() => ask(hot)).toBeGreaterThan(3 * 3 * commits * 0.95);
});
