import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockDirectory } from '../../src/adapter/pglite/directory-lock.ts';

const holder = join(import.meta.dirname, 'lock-holder.ts');

let directory: string;
let children: ChildProcess[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'batuta-lock-'));
  children = [];
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

/** Starts a process that tries to take the lock; its first line says what came of it. */
async function tryInProcess(): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(process.execPath, [holder, directory], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, line: String(line) };
}

function lockFiles(): string[] {
  return readdirSync(directory).toSorted();
}

function changeLock(change: Record<string, unknown>): string {
  const path = join(directory, lockFiles()[0] ?? '');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }));
  return path;
}

test('a second opening is refused and told who has it', async () => {
  const { child, line } = await tryInProcess();
  expect(line).toBe('locked');
  expect(() => lockDirectory(directory)).toThrow(
    expect.objectContaining({
      code: 'data-directory-locked',
      data: { directory, pid: child.pid, since: expect.stringMatching(/^\d{4}-/) },
    }),
  );
});

test('a folder that cannot be made is named with the reason', () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  expect(() => lockDirectory(join(file, 'data'))).toThrow(
    expect.objectContaining({
      code: 'data-directory-unusable',
      data: { directory: join(file, 'data'), reason: expect.stringContaining('ENOTDIR') },
    }),
  );
});

test('a lock file that cannot be read keeps nobody out', () => {
  writeFileSync(join(directory, 'database.lock.7'), 'garbage');
  lockDirectory(directory).release();
  expect(lockFiles()).toEqual(['database.lock.8']);
});

test('the same process is refused too, until it has given the lock back', () => {
  const lock = lockDirectory(directory);
  expect(() => lockDirectory(directory)).toThrow(/is used by process/);
  lock.release();
  lockDirectory(directory).release();
  expect(lockFiles()).toEqual(['database.lock.2']);
});

test('the lock of a killed process is taken over', async () => {
  const { child } = await tryInProcess();
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  const lock = lockDirectory(directory);
  expect(lockFiles()).toEqual(['database.lock.2']);
  lock.release();
});

test('a killed process whose parent has not asked for it keeps nobody out', async () => {
  // The shell becomes another program, which never waits for the child that the shell had.
  const script = 'exec 3<&0; "$0" "$1" "$2" <&3 & exec sleep 60';
  const parent = spawn('sh', ['-c', script, process.execPath, holder, directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(parent);
  expect((await once(createInterface(parent.stdout), 'line'))[0]).toBe('locked');
  const { pid } = JSON.parse(readFileSync(join(directory, lockFiles()[0] ?? ''), 'utf8')) as { pid: number };
  process.kill(pid, 'SIGKILL');
  const stat = () => readFileSync(`/proc/${pid}/stat`, 'utf8');
  await expect.poll(stat).toMatch(/\) Z /);
  lockDirectory(directory).release();
});

test('a process id that was given to another process does not keep the lock', () => {
  lockDirectory(directory);
  changeLock({ started: '1' });
  lockDirectory(directory).release();
  expect(lockFiles()).toEqual(['database.lock.2']);
});

test('of a lock from elsewhere only its age tells whether its owner lives', () => {
  lockDirectory(directory);
  const path = changeLock({ place: 'another host', pid: 1 });
  expect(() => lockDirectory(directory)).toThrow(/is used by process 1 /);
  const old = new Date(Date.now() - 60_000);
  utimesSync(path, old, old);
  lockDirectory(directory).release();
});

test('a file that is no lock does not keep anybody out', () => {
  writeFileSync(join(directory, 'database.lock.7'), 'cut');
  lockDirectory(directory).release();
  expect(lockFiles()).toEqual(['database.lock.8']);
});

test('of eight processes that start at once exactly one gets it, also from a dead owner', async () => {
  lockDirectory(directory);
  changeLock({ started: '1' });
  const tried = await Promise.all(Array.from({ length: 8 }, () => tryInProcess()));
  const lines = tried.map(({ line }) => line).toSorted();
  expect(lines).toEqual(['data-directory-locked', ...Array(6).fill('data-directory-locked'), 'locked']);
  expect(lockFiles()).toEqual(['database.lock.2']);
});
