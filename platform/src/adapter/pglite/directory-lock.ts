import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { BatutaError } from '@batuta/contract';

/**
 * Keeps a data directory to one process: two would silently lose each other's rows.
 *
 * Lock files are numbered, and the owner is who made the one with the highest number. It is taken over by making the next
 * one, when its owner gave it back (`released`) or is dead. A file is made whole under another name and linked to its
 * number, which only one process can do. The highest file is never removed, not even by who gives it back: numbers only
 * grow. Whoever was slow, and made a number below one that exists by then, sees it in a second look and gives up.
 *
 * An owner in the same place (host, boot, process namespace) is alive when its process is, with the same start time. Of an
 * owner elsewhere (a container that was replaced) only the file's age tells: a living one touches it every few seconds.
 */
export interface DirectoryLock {
  release(): void;
}

interface Owner {
  pid: number;
  /** Start time of the process in ticks since the boot; null where there is no /proc. */
  started: string | null;
  /** Host, boot and process namespace: process ids mean something only within one. */
  place: string;
  since: string;
  released: boolean;
}

const touchEveryMs = 5000;
const deadAfterMs = 30_000;
const filePattern = /^database\.lock\.(\d+)$/;

/** Takes the lock of a data directory. Errors: `data-directory-locked`, `data-directory-unusable`. */
export function lockDirectory(directory: string): DirectoryLock {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return takeLock(directory);
  } catch (error) {
    if (BatutaError.is(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new BatutaError('data-directory-unusable', { directory, reason }, { cause: error });
  }
}

function takeLock(directory: string): DirectoryLock {
  const self = describeSelf();
  for (;;) {
    const latest = latestNumber(directory);
    refuseWhenOwned(directory, latest);
    const number = latest + 1;
    if (!create(directory, number, self)) continue;
    if (latestNumber(directory) !== number) {
      rmSync(lockPath(directory, number), { force: true });
      continue;
    }
    removeBelow(directory, number);
    return hold(directory, number, self);
  }
}

function lockPath(directory: string, number: number): string {
  return join(directory, `database.lock.${number}`);
}

function lockNumbers(directory: string): number[] {
  return readdirSync(directory)
    .map((name) => filePattern.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number);
}

function latestNumber(directory: string): number {
  return Math.max(0, ...lockNumbers(directory));
}

function refuseWhenOwned(directory: string, number: number): void {
  const owner = readOwner(directory, number);
  if (!owner || owner.released || !isAlive(owner, lockPath(directory, number))) return;
  throw new BatutaError('data-directory-locked', { directory, pid: owner.pid, since: owner.since });
}

function readOwner(directory: string, number: number): Owner | undefined {
  try {
    return JSON.parse(readFileSync(lockPath(directory, number), 'utf8')) as Owner;
  } catch {
    // Gone, or not readable as a lock: a later number decides, or nobody owns it.
    return undefined;
  }
}

function create(directory: string, number: number, owner: Owner): boolean {
  const draft = writeDraft(directory, owner);
  try {
    linkSync(draft, lockPath(directory, number));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

let drafts = 0;

function writeDraft(directory: string, owner: Owner): string {
  drafts += 1;
  const draft = join(directory, `database.lock.draft-${owner.pid}-${drafts}`);
  writeFileSync(draft, JSON.stringify(owner), { mode: 0o600 });
  return draft;
}

function removeBelow(directory: string, number: number): void {
  for (const old of lockNumbers(directory)) {
    if (old < number) rmSync(lockPath(directory, old), { force: true });
  }
}

function hold(directory: string, number: number, self: Owner): DirectoryLock {
  const path = lockPath(directory, number);
  const timer = setInterval(() => touch(path), touchEveryMs);
  timer.unref();
  return {
    release() {
      clearInterval(timer);
      renameSync(writeDraft(directory, { ...self, released: true }), path);
    },
  };
}

function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // The directory was removed under the running process: there is nothing left to protect.
  }
}

function describeSelf(): Owner {
  const boot = readText('/proc/sys/kernel/random/boot_id') ?? '';
  const place = `${hostname()} ${boot.trim()} ${processNamespace()}`;
  const { pid } = process;
  return { pid, started: readProcess(pid).started, place, since: new Date().toISOString(), released: false };
}

function isAlive(owner: Owner, path: string): boolean {
  if (owner.place !== describeSelf().place) return ageMs(path) < deadAfterMs;
  const { started, isDead } = readProcess(owner.pid);
  return isRunning(owner.pid) && !isDead && started === owner.started;
}

function ageMs(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Fields 3 (state) and 22 (start time) of /proc/<pid>/stat; the fields before them may hold spaces, but only inside the last parenthesis.
 * A process that was killed keeps its number until its parent asks for it (a zombie): it does nothing any more.
 */
function readProcess(pid: number): { started: string | null; isDead: boolean } {
  const stat = readText(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return { started: fields[19] ?? null, isDead: fields[0] === 'Z' || fields[0] === 'X' };
}

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
