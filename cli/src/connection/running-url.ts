import { readFile } from 'node:fs/promises';
import { isAnswering } from './is-answering.ts';
import type { ProjectLocation } from './locate-project.ts';

/** Longer than any address; what is longer is none. */
const mostCharacters = 300;
/** It is on this machine, or nearly. */
const patienceMs = 1000;

/**
 * Where the platform of a project can be found: at the address that it has left in the data directory while it runs, which may have been given on
 * its command line, else at the configured one. What a process has left that was killed is passed over.
 */
export async function runningUrl({
  url,
  addressFile,
}: Pick<ProjectLocation, 'url' | 'addressFile'>): Promise<string> {
  const left = await leftIn(addressFile);
  if (left === undefined || left === url) return url;
  return (await isAnswering(left, patienceMs)) ? left : url;
}

async function leftIn(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const left = text.trim();
  const isAddress = left.length <= mostCharacters && /^https?:$/.test(URL.parse(left)?.protocol ?? '');
  return isAddress ? left : undefined;
}
