import { readBackupFile, writeBackupFile } from '../adapter/backup-file/backup-file.ts';
import type { BackupReport, ProjectOptions, RestoreReport } from '../platform.ts';
import { findMissingKeys } from './missing-keys.ts';
import { withStores } from './with-stores.ts';

/** Backs up the database of a project that no platform holds: a server's, or an embedded one that nobody uses. */
export function backupDatabase(options: ProjectOptions, file: string): Promise<BackupReport> {
  return withStores(options, async ({ database }) => {
    const { result, bytes } = await writeBackupFile(file, (write) => database.backup(write));
    return { database: database.description, ...result, bytes };
  });
}

/** Fills the empty database of a project from a backup. */
export function restoreDatabase(
  options: ProjectOptions,
  from: { file: string; resume: boolean },
): Promise<RestoreReport> {
  return withStores(options, async ({ database, secrets }, { configuration }) => {
    const summary = await database.restore(readBackupFile(from.file), { resume: from.resume });
    const missingKeys = await findMissingKeys(secrets, configuration);
    return { database: database.description, ...summary, bytes: null, missingKeys };
  });
}
