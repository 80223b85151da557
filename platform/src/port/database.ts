import type { BackupSummary, BackupWriter, RestoreOptions } from './backup.ts';

/** A migration of the program: its number, name and whether an older program can work on its result. */
export interface MigrationInfo {
  number: number;
  name: string;
  additive: boolean;
}

/** What the database and this program know of each other. */
export interface MigrationStatus {
  /** Number of the last migration in the database; 0 when it is empty. */
  found: number;
  /** Number of the last migration of this program. */
  known: number;
  pending: MigrationInfo[];
  /** Bytes of the database, and bytes free where it lives (null where that cannot be known). */
  databaseBytes: number;
  freeBytes: number | null;
}

/** Executes SQL as the owner of the database. */
export interface OwnerConnection {
  /**
   * `text` may hold several statements when there are no values; whatever it began is rolled back when it fails. Errors are those of the
   * server with its `code`, or `database-unreachable`.
   */
  execute(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/** The database as a whole. */
export interface Database {
  /** `embedded` or `postgres`, with its version, for people: "PostgreSQL 15.18 at 127.0.0.1:5432". */
  readonly description: string;
  readonly kind: 'embedded' | 'postgres';
  /** For a library that keeps tables of its own in a schema of its own; never for tables with a tenant. */
  readonly owner: OwnerConnection;
  /** Contract: never throws; false when a simple query fails or takes longer than 2 s. */
  isReachable(): Promise<boolean>;
  migrationStatus(): Promise<MigrationStatus>;
  /**
   * Brings the database to this program's schema: locked, so that of several processes one migrates and the others wait.
   * An embedded database is copied aside first. Errors: `database-too-new`, `migration-failed`.
   */
  migrate(): Promise<{ applied: MigrationInfo[]; copy: string | null }>;
  /** Writes everything of all tenants as of one instant, as text. Errors: `database-not-migrated`. */
  backup(write: BackupWriter): Promise<BackupSummary>;
  /**
   * Fills an empty database from the lines of a backup: whole or not at all. Errors: `backup-invalid`, `backup-too-new`,
   * `restore-target-in-use`.
   */
  restore(lines: AsyncIterable<string>, options: RestoreOptions): Promise<BackupSummary>;
  /** Reclaims space. The embedded database has no autovacuum: the platform calls this when idle. */
  vacuum(): Promise<void>;
  close(): Promise<void>;
}
