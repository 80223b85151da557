import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openDatabase, type OpenDatabase } from '../../src/composition/open-database.ts';
import { makeTurn, start } from '../conformance/make-run.ts';

const writer = join(import.meta.dirname, 'durable-writer.ts');
const strace = '/usr/bin/strace';

let migrated: string;
let directory: string;
let open: OpenDatabase | undefined;

beforeAll(async () => {
  migrated = mkdtempSync(join(tmpdir(), 'batuta-durable-'));
  const made = await openDatabase({ directory: migrated });
  await made.database.migrate();
  await made.database.close();
  return () => rmSync(migrated, { recursive: true, force: true });
});

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'batuta-durable-'));
  cpSync(migrated, directory, { recursive: true });
});

afterEach(async () => {
  await open?.database.close();
  open = undefined;
  rmSync(directory, { recursive: true, force: true });
});

test('a transaction reaches the disk with exactly one sync, a read with none', async () => {
  let syncs = 0;
  open = await openDatabase({ directory, onSync: () => (syncs += 1) });
  await open.runs.heartbeat('worker-1', 60_000);
  const lease = await start(open.runs);
  const count = async (work: () => Promise<unknown>): Promise<number> => {
    const before = syncs;
    await work();
    return syncs - before;
  };
  for (let seq = 2; seq < 20; seq += 1) {
    expect(await count(() => open!.runs.commit(makeTurn(lease, seq)))).toBe(1);
  }
  expect(await count(() => open!.runs.get('acme', lease.runId))).toBe(0);
});

test('the database runs with every sync on', async () => {
  open = await openDatabase({ directory });
  const settings = await open.engine.administer(async (client) => {
    const names = `('fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method')`;
    const answer = await client.query<{ name: string; setting: string }>(
      `select name, setting from pg_settings where name in ${names} order by name`,
    );
    return answer.rows.map(({ name, setting }) => `${name}=${setting}`);
  });
  expect(settings).toEqual([
    'fsync=on',
    'full_page_writes=on',
    'synchronous_commit=on',
    'wal_sync_method=fsync',
  ]);
});

/** Runs the writer until the kernel kills it at its `when`th sync; what it had acknowledged by then. */
async function killAtSync(when: number): Promise<{ runId: string; sessionId: string; acknowledged: number }> {
  expect(existsSync(strace), `${strace} is missing: run tool/install-system-packages.sh`).toBe(true);
  const inject = ['-e', 'trace=fdatasync', '-e', `inject=fdatasync:signal=KILL:when=${when}`];
  const args = ['-f', '-qq', '-o', '/dev/null', ...inject, process.execPath, writer, directory];
  const child = spawn(strace, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let last = { runId: '', sessionId: '', acknowledged: 0 };
  for await (const line of createInterface(child.stdout)) last = JSON.parse(line);
  await exited;
  return last;
}

test.for([30, 57, 101])(
  'nothing acknowledged is lost when the process is killed at sync %i',
  async (when) => {
    const { runId, sessionId, acknowledged } = await killAtSync(when);
    expect(acknowledged).toBeGreaterThan(when / 2);
    open = await openDatabase({ directory });
    const log = await open.events.read('acme', sessionId, { afterSeq: 0, limit: 10_000 });
    expect(log.map((event) => event.seq)).toEqual(log.map((_, index) => index + 1));
    // The commit under way may have been written, or not; never a part of it.
    expect([acknowledged, acknowledged + 1]).toContain(log.length);
    expect((await open.runs.get('acme', runId))?.turns).toBe(log.length);
    await open.engine.administer(async (client) => {
      await client.query('reindex schema batuta');
    });
  },
);
