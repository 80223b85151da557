import { join } from 'node:path';
import type { Configuration } from '../domain/configuration/settings.ts';

/** Folder of the embedded database. */
export function embeddedFolder({ database }: Configuration): string {
  return join(database.dataDir, 'database');
}

/** File that holds the administrator's key for the command line. */
export function keyFileOf({ database }: Configuration): string {
  return join(database.dataDir, 'admin-key');
}

/** File that says where the platform of this folder listens now. */
export function addressFileOf({ database }: Configuration): string {
  return join(database.dataDir, 'address');
}

/** File that holds the keys of secrets beside an embedded database. */
export function secretKeyFileOf({ database }: Configuration): string {
  return join(database.dataDir, 'secret-key');
}

/** Folder in which backups are collected before they are handed over. */
export function backupFolder({ database }: Configuration): string {
  return join(database.dataDir, 'backups');
}

/** Folder of the workspaces of sessions. */
export function workspaceFolder({ database }: Configuration): string {
  return join(database.dataDir, 'workspaces');
}
