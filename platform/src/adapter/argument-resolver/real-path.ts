import { lstat, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';

/** Steps of a path that are followed at most. */
const mostSteps = 256;

/**
 * The real path of something that need not exist: symbolic links are followed as far as there is anything, what is missing stays as
 * it is written. Null where `..` comes after a link, because programs then disagree about where it leads, and where the file system
 * does not say.
 */
export async function realPathOf(path: string, root: string): Promise<string | null> {
  const steps = path.split('/').filter((step) => step !== '' && step !== '.');
  if (steps.length > mostSteps) return null;
  const place = await walk(steps, isAbsolute(path) ? '/' : root);
  if (place === null || !steps.includes('..')) return place;
  // A program that takes `..` away before it looks at links must end at the same place.
  return (await realPathOf(resolve(root, path), '/')) === place ? place : null;
}

async function walk(steps: readonly string[], from: string): Promise<string | null> {
  let place = from;
  let exists = true;
  for (const step of steps) {
    const next: string = step === '..' ? dirname(place) : join(place, step);
    const found: string | null | undefined = exists && step !== '..' ? await follow(next) : next;
    if (found === null) return null;
    exists &&= found !== undefined;
    place = found ?? next;
  }
  return place;
}

/** Where a path leads; undefined when there is nothing, null when it cannot be told. A link to nothing leads somewhere unknown. */
async function follow(path: string): Promise<string | null | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') return null;
    return (await lstat(path).catch(() => undefined))?.isSymbolicLink() ? null : undefined;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
