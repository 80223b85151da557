import { openDatabase, type OpenDatabase } from './open-database.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import type { Log } from '../port/log.ts';
import { embeddedFolder } from './data-folder.ts';

/** Opens the configured database. Errors: `database-unreachable`, `data-directory-locked`, `data-directory-unusable`. */
export function openStores(configuration: Configuration, log: Log): Promise<OpenDatabase> {
  const { url, poolSize } = configuration.database;
  return url === undefined
    ? openDatabase({ directory: embeddedFolder(configuration), log })
    : openDatabase({ url, poolSize, log });
}
