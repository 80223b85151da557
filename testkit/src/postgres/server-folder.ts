/**
 * The temporary folder of a server: `batuta-postgres-<pid of its owner>-<random>`, with the data and the unix socket in it.
 * The owner removes it. Where the owner was killed, the next start of any server removes it: a folder whose owner and
 * whose server are both gone is nobody's.
 */
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SystemUser } from './server-user.ts';

const prefix = 'batuta-postgres-';

/** Makes the folder for a new server, after removing those that killed processes left behind. */
export function makeServerFolder(user: SystemUser | undefined): string {
  removeAbandonedFolders();
  const folder = mkdtempSync(path.join(tmpdir(), `${prefix}${process.pid}-`));
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  return folder;
}

/** Where the database files of a server are. */
export function dataFolder(folder: string): string {
  return path.join(folder, 'data');
}

/** The process id that a running server writes down, in a file that it removes when it ends. */
export function runningServerPid(folder: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(path.join(dataFolder(folder), 'postmaster.pid'), 'utf8'), 10);
  } catch {
    return undefined;
  }
}

/** Removes the folder of a server that has ended. */
export function removeServerFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

function removeAbandonedFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const folder = path.join(tmpdir(), name);
    const owner = Number.parseInt(name.slice(prefix.length), 10);
    const server = runningServerPid(folder);
    if (isAlive(owner) || (server !== undefined && isAlive(server))) continue;
    tryRemove(folder);
  }
}

/** Another user's leftovers are that user's to remove. */
function tryRemove(folder: string): void {
  try {
    removeServerFolder(folder);
  } catch {
    return;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
