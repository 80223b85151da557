import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ensureAdministratorKey } from '../application/access/ensure-administrator-key.ts';
import type { AccessDependencies } from '../application/access/access-dependencies.ts';

/** The tenant of a platform that serves one, and of those who look after a platform that serves many. */
export const defaultTenant = 'default';

/**
 * Sees to it that the administrator's key works and, unless it comes from the configuration, is in its file (mode 600). Returns the
 * file, or null when the key is configured.
 */
export async function provideAdministratorKey(
  dependencies: AccessDependencies,
  place: { file: string; configured: string | undefined },
): Promise<string | null> {
  const { file, configured } = place;
  if (configured !== undefined) {
    const given = { key: configured, source: 'the configuration' };
    await ensureAdministratorKey(dependencies, { tenantId: defaultTenant, given });
    return null;
  }
  const kept = await readKept(file);
  const given = kept === undefined ? {} : { given: { key: kept, source: file } };
  const { key, isNew } = await ensureAdministratorKey(dependencies, { tenantId: defaultTenant, ...given });
  if (isNew) await keep(file, key);
  return file;
}

async function readKept(file: string): Promise<string | undefined> {
  try {
    const key = (await readFile(file, 'utf8')).trim();
    return key === '' ? undefined : key;
  } catch {
    return undefined;
  }
}

async function keep(file: string, key: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, `${key}\n`, { mode: 0o600 });
  // A file that was there before keeps its mode when it is written.
  await chmod(file, 0o600);
}
