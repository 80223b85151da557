import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { constants } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { pathOf, within } from './walk.ts';

/** Something found in a tree. */
export interface Found {
  /** Relative to where the walk began. */
  path: string;
  name: string;
  /** The open folder that it is in: valid until the visitor has returned. */
  folder: FileHandle;
  stats: Stats;
}

/** Entries that are looked at without letting others have a turn. */
const piece = 256;
const asFolder = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** How a walk goes. */
export interface Walk {
  depth: number;
  /** False ends the walk. */
  visit: (found: Found) => Promise<boolean> | boolean;
}

/** Visits all that is in a folder and below, a folder before what is in it, by name. False when a visitor has ended it. */
export async function walkTree(top: FileHandle, { depth, visit }: Walk): Promise<boolean> {
  return await walkFolder({ folder: top, prefix: '', depth, visit, counted: { since: 0 } });
}

interface Step extends Walk {
  folder: FileHandle;
  prefix: string;
  counted: { since: number };
}

async function walkFolder(step: Step): Promise<boolean> {
  const { folder, prefix, counted, visit } = step;
  for (const name of readdirSync(pathOf(folder)).toSorted()) {
    if ((counted.since += 1) % piece === 0) await setImmediate();
    const stats = statOf(folder, name);
    if (!stats) continue;
    const path = prefix + name;
    if (!(await visit({ path, name, folder, stats }))) return false;
    if (stats.isDirectory() && step.depth > 1 && !(await descend(step, name))) return false;
  }
  return true;
}

async function descend(step: Step, name: string): Promise<boolean> {
  // Gone, exchanged for a link, or closed to us meanwhile: there is nothing to be seen.
  const next = await open(within(step.folder, name), asFolder).catch(() => undefined);
  if (!next) return true;
  try {
    const prefix = `${step.prefix}${name}/`;
    return await walkFolder({ ...step, folder: next, prefix, depth: step.depth - 1 });
  } finally {
    await next.close();
  }
}

function statOf(folder: FileHandle, name: string): Stats | undefined {
  try {
    return lstatSync(within(folder, name));
  } catch {
    return undefined;
  }
}
