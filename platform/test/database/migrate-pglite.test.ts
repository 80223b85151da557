import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase, type Migration, type OpenDatabase } from '../../src/composition/open-database.ts';
import { pgliteVersion, templateArchive } from '../../src/adapter/pglite/template.ts';
import { makeRun, queue } from '../conformance/make-run.ts';
import { ownCount, withLater } from './extra-migrations.ts';

let directory: string;
let current: OpenDatabase | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'batuta-migrate-'));
});

afterEach(async () => {
  await current?.database.close();
  current = undefined;
  rmSync(directory, { recursive: true, force: true });
});

async function reopen(migrations?: Migration[]): Promise<OpenDatabase> {
  await current?.database.close();
  current = undefined;
  current = await openDatabase({ directory, ...(migrations && { migrations }) });
  return current;
}

test('there is an archive for the version of PGlite that is installed', () => {
  expect(templateArchive(), `run: node tool/make-template.ts (PGlite ${pgliteVersion()})`).toBeDefined();
  expect(templateArchive('0.0.0')).toBeUndefined();
});

test('a new database is made from the archive, and what was left of an earlier try is in nobody’s way', async () => {
  await reopen();
  await current?.database.close();
  current = undefined;
  renameSync(join(directory, 'database'), join(directory, 'database.new'));
  const { database } = await reopen();
  await database.migrate();
  expect(readdirSync(directory).toSorted()).toEqual(['database', 'database.lock.2']);
});

test('a database is copied aside before it is migrated, and the copy can be started', async () => {
  const run = makeRun();
  const first = await reopen();
  expect(await first.database.migrate()).toMatchObject({ copy: null });
  await queue(first.runs, run);
  const second = await reopen(withLater(1));
  const { applied, copy } = await second.database.migrate();
  expect(applied).toEqual([{ number: ownCount + 1, name: `later-${ownCount + 1}`, additive: true }]);
  expect(copy).toMatch(new RegExp(`database-copies/.*-migration-${String(ownCount).padStart(4, '0')}$`));
  await current?.database.close();
  current = undefined;
  rmSync(join(directory, 'database'), { recursive: true });
  renameSync(copy ?? '', join(directory, 'database'));
  const restored = await reopen();
  expect(await restored.database.migrationStatus()).toMatchObject({ found: ownCount, pending: [] });
  expect(await restored.runs.get('acme', run.id)).toMatchObject({ id: run.id });
});

test('the last two copies are kept', async () => {
  await (await reopen()).database.migrate();
  const copies: (string | null)[] = [];
  for (const later of [1, 2, 3]) {
    copies.push((await (await reopen(withLater(later))).database.migrate()).copy);
  }
  const kept = readdirSync(join(directory, 'database-copies')).map((name) =>
    join(directory, 'database-copies', name),
  );
  expect(kept.toSorted()).toEqual(copies.slice(1));
});

test('nothing is copied when there is nothing to migrate', async () => {
  await (await reopen()).database.migrate();
  expect(await (await reopen()).database.migrate()).toEqual({ applied: [], copy: null });
});

test('an older program refuses a newer database', async () => {
  await (await reopen(withLater(1, { additive: false }))).database.migrate();
  const { database } = await reopen();
  await expect(database.migrate()).rejects.toMatchObject({ code: 'database-too-new' });
});

test('a status tells how much room there is', async () => {
  const { database } = await reopen();
  const status = await database.migrationStatus();
  expect(status).toMatchObject({ found: 0, known: ownCount });
  expect(status.freeBytes).toBeGreaterThan(0);
});

test('space is reclaimed when asked for, and the stores go on as before', async () => {
  const { database, runs } = await reopen();
  await database.migrate();
  await queue(runs);
  await database.vacuum();
  expect(await database.isReachable()).toBe(true);
  expect(await runs.list('acme', { limit: 9 })).toHaveLength(1);
});
