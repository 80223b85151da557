import { z } from 'zod';
import { entry, type ErrorEntry } from '../error-entry.ts';

/** What keeps a platform from its database. */
export const databaseErrors = {
  'database-unreachable': entry(
    503,
    'Database unreachable',
    'The database at {address} cannot be reached: {reason}.',
    z.strictObject({ address: z.string(), reason: z.string() }),
  ),
  'database-too-new': entry(
    500,
    'Database is newer',
    'The database was migrated by a newer Batuta (migration {found}, this program knows {known}). Start that version, or restore the copy from before the upgrade.',
    z.strictObject({ found: z.int(), known: z.int() }),
  ),
  'database-not-migrated': entry(
    503,
    'Database not migrated',
    'The database is at migration {found}, this program needs {needed}. Run: batuta migrate.',
    z.strictObject({ found: z.int(), needed: z.int() }),
  ),
  'database-role-missing': entry(
    500,
    'Database role missing',
    'The role {role} cannot be created: {reason}. Ask an administrator of the database to run: {statement}',
    z.strictObject({ role: z.string(), reason: z.string(), statement: z.string() }),
  ),
  'postgres-not-installed': entry(
    500,
    'PostgreSQL is not installed',
    'The programs of a PostgreSQL server (initdb, postgres) were not found in {places}. Install PostgreSQL 15 or newer, for instance with: apt-get install postgresql.',
    z.strictObject({ places: z.string() }),
  ),
  'postgres-not-started': entry(
    500,
    'PostgreSQL did not start',
    'A PostgreSQL server could not be started here: {reason}.',
    z.strictObject({ reason: z.string() }),
  ),
  'migration-failed': entry(
    500,
    'Migration failed',
    'Migration {name} failed and was rolled back: {reason}.',
    z.strictObject({ name: z.string(), reason: z.string() }),
  ),
  'backup-invalid': entry(
    400,
    'Backup not usable',
    'The backup cannot be used: {reason}. Nothing was restored from it.',
    z.strictObject({ reason: z.string() }),
  ),
  'backup-file-unusable': entry(
    500,
    'Backup file not usable',
    'The backup file {path} cannot be used: {reason}.',
    z.strictObject({ path: z.string(), reason: z.string() }),
  ),
  'backup-under-way': entry(
    409,
    'Backup under way',
    'Another backup is being made. Wait until it is done.',
    z.strictObject({}),
  ),
  'backup-too-new': entry(
    400,
    'Backup is newer',
    'The backup was made at migration {found}, this program knows {known}. Restore it with that version of Batuta.',
    z.strictObject({ found: z.int(), known: z.int() }),
  ),
  'restore-target-in-use': entry(
    409,
    'Database is not empty',
    'There is a Batuta database at {address}. A backup is restored into an empty one: set another BATUTA_DATA_DIR or DATABASE_URL, or move the present one aside.',
    z.strictObject({ address: z.string() }),
  ),
  'data-directory-unusable': entry(
    500,
    'Data directory not usable',
    'The data directory {directory} cannot be used: {reason}. Change its owner or permissions, or set BATUTA_DATA_DIR.',
    z.strictObject({ directory: z.string(), reason: z.string() }),
  ),
  'data-directory-locked': entry(
    500,
    'Data directory in use',
    'The data directory {directory} is used by process {pid} since {since}. Stop that process, or give this one another BATUTA_DATA_DIR.',
    z.strictObject({ directory: z.string(), pid: z.int(), since: z.string() }),
  ),
} as const satisfies Record<string, ErrorEntry>;
