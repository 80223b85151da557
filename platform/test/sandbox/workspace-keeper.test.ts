import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdvancingClock } from '@batuta/testkit/clock';
import { freshDatabase, type FreshDatabase } from '@batuta/testkit/database';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeUnconfinedProvider } from '../../src/adapter/sandbox-none/unconfined-sandbox.ts';
import { makeWorkspaceFolders } from '../../src/adapter/sandbox/workspace-folders.ts';
import { WorkspaceKeeper } from '../../src/application/sandbox/workspace-keeper.ts';
import { withWorkspaces } from '../../src/composition/make-sandbox.ts';
import type { Sandbox } from '../../src/port/sandbox.ts';
import { makeRun, queue } from '../conformance/make-run.ts';
import { testLimits } from './open-sandbox.ts';

let stores: FreshDatabase;
let root: string;
const clock = new AdvancingClock();
/** Nothing has anything to complain about here. */
const complain = (message: string): never => {
  throw new Error(message);
};
const log = { debug: complain, info: complain, warn: complain, error: complain };

beforeEach(async () => {
  stores = await freshDatabase('pglite');
  root = mkdtempSync(join(tmpdir(), 'batuta-keeper-'));
  await stores.access.ensureTenant('acme', 'acme');
});
afterEach(() => {
  stores.release();
  rmSync(root, { recursive: true });
});

/** A process of the platform, with a disk. */
function keeperOn(folder: string): WorkspaceKeeper {
  return new WorkspaceKeeper({
    provider: makeUnconfinedProvider(),
    store: stores.workspaceStore,
    folders: makeWorkspaceFolders(join(root, folder)),
    settings: { limits: testLimits, network: { allowedHosts: [] } },
    clock,
    log,
  });
}

async function newSession(): Promise<{ tenantId: string; sessionId: string; runId: string }> {
  const run = makeRun();
  await queue(stores.runs, run);
  return { tenantId: 'acme', sessionId: run.sessionId, runId: run.id };
}

const readText = async ({ files }: Sandbox, path: string): Promise<string> =>
  Buffer.from((await files.read(path, { offset: 0, length: 999 })).content).toString();

it('has the same files for every run of a session, in every process that shares the disk, and none of others', async () => {
  const [one, other] = [await newSession(), await newSession()];
  await (await keeperOn('disk').open(one, 'general')).files.write('a', Buffer.from('kept'));
  expect(await readText(await keeperOn('disk').open(one, 'python'), 'a')).toBe('kept');
  const list = await (await keeperOn('disk').open(other, 'general')).files.list('', { depth: 1, limit: 9 });
  expect(list.entries).toEqual([]);
});

it('says so when the files are on a disk that this process does not see', async () => {
  const session = await newSession();
  await keeperOn('disk').open(session, 'general');
  const opening = keeperOn('other-disk').open(session, 'general');
  await expect(opening).rejects.toMatchObject({
    code: 'workspace-elsewhere',
    message: expect.stringMatching(/share the data directory/),
  });
});

it('agrees on the name of a disk that many processes meet at once', async () => {
  const names = await Promise.all(
    Array.from({ length: 12 }, () => makeWorkspaceFolders(join(root, 'new')).place()),
  );
  expect(new Set(names).size).toBe(1);
  expect(readFileSync(join(root, 'new/.place'), 'utf8')).toBe(names[0]);
});

it('goes with its session, snapshots included, and leaves the others alone', async () => {
  const [gone, kept] = [await newSession(), await newSession()];
  const keeper = keeperOn('disk');
  for (const session of [gone, kept])
    await (await keeper.open(session, 'general')).files.write('a', Buffer.from('x'));
  await keeper.snapshot(gone, 'first');
  await stores.runs.cancelUnstarted('acme', gone.runId);
  await withWorkspaces(stores.sessions, keeper).delete('acme', gone.sessionId);
  expect(existsSync(join(root, 'disk/acme', gone.sessionId))).toBe(false);
  expect(existsSync(join(root, 'disk/acme', kept.sessionId, 'files/a'))).toBe(true);
});

it('removes every hour what sessions have left that somebody else deleted', async () => {
  const session = await newSession();
  const keeper = keeperOn('disk');
  keeper.start();
  await (await keeper.open(session, 'general')).files.write('a', Buffer.from('x'));
  const folder = join(root, 'disk/acme', session.sessionId);
  await stores.runs.cancelUnstarted('acme', session.runId);
  await stores.sessions.delete('acme', session.sessionId);
  expect(existsSync(folder)).toBe(true);
  clock.advance(3_700_000);
  await expect.poll(() => existsSync(folder), { interval: 5 }).toBe(false);
  await keeper.stop();
});

it('puts back a snapshot, replaces one of the same name, and knows no other', async () => {
  const session = await newSession();
  const keeper = keeperOn('disk');
  const { files } = await keeper.open(session, 'general');
  await files.write('a', Buffer.from('one'));
  await keeper.snapshot(session, 'safe');
  await files.write('a', Buffer.from('two'));
  await keeper.snapshot(session, 'safe');
  await files.write('a', Buffer.from('three'));
  await files.write('b', Buffer.from('new'));
  await keeper.restore(session, 'safe');
  expect(await readText(await keeper.open(session, 'general'), 'a')).toBe('two');
  expect((await files.size()).files).toBe(1);
  for (const name of ['none', '../../x', ''])
    await expect(keeper.restore(session, name)).rejects.toMatchObject({ code: 'snapshot-unknown' });
});
