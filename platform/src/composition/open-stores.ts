import { join } from 'node:path';
import { openDatabase, type OpenDatabase } from '../adapter/database/open-database.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import type { Log } from '../port/log.ts';

/** Folder of the embedded database. */
export function embeddedFolder({ database }: Configuration): string {
  return join(database.dataDir, 'database');
}

/** File that holds the administrator's key for the command line. */
export function keyFileOf({ database }: Configuration): string {
  return join(database.dataDir, 'admin-key');
}

/** Opens the configured database. Errors: `database-unreachable`, `data-directory-locked`. */
export function openStores(configuration: Configuration, log: Log): Promise<OpenDatabase> {
  const { url, poolSize } = configuration.database;
  return url === undefined
    ? openDatabase({ directory: embeddedFolder(configuration), log })
    : openDatabase({ url, poolSize, log });
}
