import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { jailFault, type ChromiumJail } from './chromium-jail.ts';

/** Where systems have it; the path of this process is not asked, for anybody could have set it. */
const places = ['/usr/bin/bwrap', '/bin/bwrap', '/usr/local/bin/bwrap'];

/** Whether there is a jail, or why there is none. */
export type FoundJail = { jail: ChromiumJail } | { jail: null; reason: string };

/** Looks for bubblewrap and tries it once. */
export async function findJail(mode: 'auto' | 'off'): Promise<FoundJail> {
  if (mode === 'off') return { jail: null, reason: 'browser.jail is off' };
  const bwrap = await first(places);
  if (bwrap === undefined) return { jail: null, reason: 'bubblewrap is not installed' };
  const jail = { bwrap, isRoot: process.getuid?.() === 0 };
  const fault = await jailFault(jail);
  return fault === undefined ? { jail } : { jail: null, reason: fault };
}

async function first(candidates: readonly string[]): Promise<string | undefined> {
  for (const candidate of candidates) {
    const isThere = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return candidate;
  }
  return undefined;
}
