import { execFile } from 'node:child_process';
import { constants, type Stats } from 'node:fs';
import { lchown, mkdir, open, readlink, rm, symlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { WorkspaceSize } from '../../port/sandbox.ts';
import { openFolder, within, type Owner } from './walk.ts';
import { walkTree, type Found } from './walk-tree.ts';

const deepest = 64;
const toRead = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const toMake = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Copies files, folders and links (as links) into a folder that is empty; whatever else there is stays behind. The source may change
 * meanwhile: nothing outside of it is ever read.
 */
export async function copyTree(from: string, to: string, owner: Owner): Promise<WorkspaceSize> {
  const size: WorkspaceSize = { bytes: 0, files: 0 };
  const source = await openFolder(from, '');
  try {
    await walkTree(source, {
      depth: deepest,
      visit: async (found) => {
        await copyEntry(found, `${to}/${found.path}`, owner);
        size.bytes += found.stats.blocks * 512;
        size.files += 1;
        return true;
      },
    });
  } finally {
    await source.close();
  }
  return size;
}

async function copyEntry(found: Found, target: string, owner: Owner): Promise<void> {
  const { stats, folder, name } = found;
  if (stats.isDirectory()) await makeFolder(target, stats, owner);
  else if (stats.isFile()) await copyFile({ folder, name }, { target, mode: stats.mode & 0o777, owner });
  else if (stats.isSymbolicLink()) {
    await symlink(await readlink(within(folder, name)), target);
    if (owner !== null) await lchown(target, owner, owner);
  }
}

/** Folders stay open to their owner: what could not be entered could not be removed. */
async function makeFolder(target: string, stats: Stats, owner: Owner): Promise<void> {
  await mkdir(target, { mode: (stats.mode & 0o777) | 0o700 });
  if (owner !== null) await lchown(target, owner, owner);
}

async function copyFile(
  { folder, name }: { folder: FileHandle; name: string },
  { target, mode, owner }: { target: string; mode: number; owner: Owner },
): Promise<void> {
  // Gone, or exchanged for something else, since it was seen.
  const source = await open(within(folder, name), toRead).catch(() => undefined);
  if (!source) return;
  try {
    if (!(await source.stat()).isFile()) return;
    const copy = await open(target, toMake, mode);
    if (owner !== null) await copy.chown(owner, owner);
    await pipeline(source.createReadStream({ autoClose: false }), copy.createWriteStream());
  } finally {
    await source.close();
  }
}

/** Removes all that is in a folder. No command may run in it. */
export async function emptyFolder(folder: string): Promise<void> {
  const top = await openFolder(folder, '');
  try {
    const names: string[] = [];
    await walkTree(top, {
      depth: 1,
      visit: ({ name }) => {
        names.push(name);
        return true;
      },
    });
    for (const name of names) await removeTree(join(folder, name));
  } finally {
    await top.close();
  }
}

/**
 * Removes a file or folder with all that is in it, also folders that their owner has closed to himself, and trees so deep that their
 * paths cannot be written down.
 */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch {
    await run('chmod', ['-R', 'u+rwX', '--', path]).catch(() => undefined);
    await run('rm', ['-rf', '--', path]);
  }
}

const run = promisify(execFile);
