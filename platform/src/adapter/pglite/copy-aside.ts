import { constants } from 'node:fs';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const keptCopies = 2;

/**
 * Copies the embedded database of a data directory before it is migrated, after a checkpoint and while nothing writes. The
 * copy is named by the migration that the database is at and the time; the last two are kept.
 */
export async function copyAside(directory: string, found: number, now = new Date()): Promise<string> {
  const copies = join(directory, 'database-copies');
  const time = now.toISOString().replaceAll(/[:.]/g, '-');
  const copy = join(copies, `${time}-migration-${String(found).padStart(4, '0')}`);
  const unfinished = `${copy}.new`;
  await mkdir(copies, { recursive: true, mode: 0o700 });
  await cp(join(directory, 'database'), unfinished, {
    recursive: true,
    // Shares the blocks where the file system can.
    mode: constants.COPYFILE_FICLONE,
  });
  await rename(unfinished, copy);
  await removeOldCopies(copies);
  return copy;
}

async function removeOldCopies(copies: string): Promise<void> {
  const names = (await readdir(copies)).toSorted();
  const whole = names.filter((name) => !name.endsWith('.new'));
  const kept = new Set(whole.slice(-keptCopies));
  for (const name of names) {
    if (!kept.has(name)) await rm(join(copies, name), { recursive: true, force: true });
  }
}
