import { randomBytes } from 'node:crypto';
import { startPostgres, type PostgresServer } from '@batuta/testkit/postgres';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { openDatabase, type Migration, type OpenDatabase } from '../../src/composition/open-database.ts';
import type { Database } from '../../src/port/database.ts';
import { backupOf, linesOf } from '../backup/backup-kit.ts';
import { makeRun, queue } from '../conformance/make-run.ts';
import { ownCount, withLater } from './extra-migrations.ts';

const next = ownCount + 1;
const opened: OpenDatabase[] = [];
let own: PostgresServer;

beforeAll(async () => {
  own = await startPostgres();
});
afterAll(() => own.stop());
afterEach(async () => {
  await Promise.all(opened.splice(0).map((open) => open.database.close()));
});

async function execute(url: string, ...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

async function makeDatabase(server: string, owner = 'postgres'): Promise<URL> {
  const name = `batuta_test_${randomBytes(6).toString('hex')}`;
  await execute(server, `create database ${name} owner ${owner}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url;
}

async function openAt(url: URL, migrations?: Migration[]): Promise<OpenDatabase> {
  const database = await openDatabase({ url: url.href, ...(migrations && { migrations }) });
  opened.push(database);
  return database;
}

test('of four processes that start at once one migrates and the others wait', async () => {
  const url = await makeDatabase(inject('postgresUrl'));
  const four = await Promise.all(Array.from({ length: 4 }, () => openAt(url)));
  const results = await Promise.all(four.map(({ database }) => database.migrate()));
  expect(results.filter(({ applied }) => applied.length > 0)).toHaveLength(1);
  await Promise.all(four.map(({ runs }) => queue(runs, makeRun())));
});

test('databases of one server are migrated at once, although they share its roles', async () => {
  const urls = await Promise.all(Array.from({ length: 4 }, () => makeDatabase(own.url)));
  const databases = await Promise.all(urls.map((url) => openAt(url)));
  const migrated = await Promise.all(databases.map(({ database }) => database.migrate()));
  expect(migrated.map(({ applied }) => applied.length)).toEqual([ownCount, ownCount, ownCount, ownCount]);
  await Promise.all(databases.map(({ runs }) => queue(runs, makeRun())));
});

test('before it is migrated a database is reachable, and its stores say what is missing', async () => {
  const { database, runs } = await openAt(await makeDatabase(inject('postgresUrl')));
  expect(await database.isReachable()).toBe(true);
  expect(await database.migrationStatus()).toMatchObject({
    found: 0,
    pending: { length: ownCount, 0: { number: 1 } },
  });
  await expect(queue(runs)).rejects.toMatchObject({ code: 'database-not-migrated' });
});

test('a status tells what would run and how large the database is', async () => {
  const url = await makeDatabase(inject('postgresUrl'));
  await (await openAt(url)).database.migrate();
  const status = await (await openAt(url, withLater(1))).database.migrationStatus();
  expect(status).toMatchObject({
    found: ownCount,
    known: ownCount + 1,
    pending: [{ number: next, name: `later-${next}`, additive: true }],
  });
  expect(status.databaseBytes).toBeGreaterThan(1_000_000);
});

test('a newer database is refused unless what is newer is marked additive', async () => {
  const url = await makeDatabase(inject('postgresUrl'));
  await (await openAt(url, withLater(1))).database.migrate();
  await expect((await openAt(url)).database.migrate()).resolves.toEqual({ applied: [], copy: null });
  await (
    await openAt(url, [...withLater(1), ...withLater(2, { additive: false }).slice(next)])
  ).database.migrate();
  const { database } = await openAt(url);
  const tooNew = { code: 'database-too-new', data: { found: ownCount + 2, known: ownCount } };
  await expect(database.migrate()).rejects.toMatchObject(tooNew);
  await expect(database.migrationStatus()).rejects.toMatchObject(tooNew);
});

test('a migration that fails is rolled back whole and named', async () => {
  const url = await makeDatabase(inject('postgresUrl'));
  const broken = withLater(1, { sql: 'create table half (); select 1 / 0' });
  const { database } = await openAt(url, broken);
  await expect(database.migrate()).rejects.toMatchObject({
    code: 'migration-failed',
    data: { name: `${next} (later-${next})`, reason: 'division by zero' },
  });
  expect(await database.migrationStatus()).toMatchObject({ found: ownCount, pending: [{ number: next }] });
  const mended = await openAt(url, withLater(1, { sql: 'create table half ()' }));
  await expect(mended.database.migrate()).resolves.toMatchObject({ applied: [{ number: next }] });
});

/** Backup and restore by a user who owns the database and may nothing else. */
async function expectRestorable(database: Database, empty: URL): Promise<void> {
  empty.username = empty.password = 'plain';
  const restored = await openAt(empty);
  const backup = await backupOf(database);
  const { rows } = await restored.database.restore(linesOf(backup), { resume: true });
  expect(rows).toMatchObject({ runs: 1 });
  await restored.database.close();
}

test('a user that may not make roles is told what an administrator must run', async () => {
  const server = await startPostgres();
  try {
    await execute(server.url, `create role plain login password 'plain'`);
    const url = await makeDatabase(server.url, 'plain');
    const asPlain = new URL(url);
    asPlain.username = asPlain.password = 'plain';
    const { database, runs } = await openAt(asPlain);
    await expect(database.migrate()).rejects.toMatchObject({ code: 'database-role-missing' });
    const roles = ['batuta_app', 'batuta_system', 'batuta_backup'];
    await execute(server.url, ...roles.map((role) => `create role ${role} nologin`));
    await execute(server.url, `grant ${roles.join(', ')} to plain`);
    await database.migrate();
    await runs.heartbeat('worker-1', 60_000);
    await queue(runs);
    expect(await runs.claim('worker-1', { limit: 1 })).toHaveLength(1);
    await expectRestorable(database, await makeDatabase(server.url, 'plain'));
    await database.close();
    opened.length = 0;
  } finally {
    await server.stop();
  }
});

test('a user without the right to make a schema is told so', async () => {
  await execute(own.url, `create role guest login password 'guest'`);
  const url = await makeDatabase(own.url);
  url.username = url.password = 'guest';
  await (await openAt(await makeDatabase(own.url))).database.migrate();
  await execute(own.url, 'grant batuta_app, batuta_system, batuta_backup to guest');
  const { database } = await openAt(url);
  await expect(database.migrate()).rejects.toMatchObject({
    code: 'migration-failed',
    data: { reason: expect.stringContaining('permission denied for database') },
  });
});

test('a server that refuses a connection is told as unreachable, with its reason', async () => {
  const url = new URL(own.url);
  url.pathname = '/not_there';
  await expect(openDatabase({ url: url.href })).rejects.toMatchObject({
    code: 'database-unreachable',
    data: { reason: 'database "not_there" does not exist' },
  });
});

test('an address where nobody answers is named without its password', async () => {
  await expect(openDatabase({ url: 'postgres://me:secret@127.0.0.1:1/none' })).rejects.toMatchObject({
    code: 'database-unreachable',
    message: expect.not.stringContaining('secret'),
    data: { address: '127.0.0.1:1' },
  });
});
