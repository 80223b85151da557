import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Log } from '../port/log.ts';

/**
 * Leaves in the data directory where this process listens, because it may have been started with another port than the configuration's, and
 * gives what takes that away again. A folder that cannot be written is no reason not to start: commands then go by the configuration.
 */
export async function leaveAddress(file: string, url: string, log: Log): Promise<() => Promise<void>> {
  const content = `${url}\n`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, content, { mode: 0o600 });
  } catch (error) {
    log.debug('the address is not left', { file, error: String(error) });
  }
  return async () => {
    // Another process of this folder may have left its own since.
    const left = await readFile(file, 'utf8').catch(() => '');
    if (left === content) await rm(file, { force: true });
  };
}
