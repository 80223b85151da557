import { BatutaError } from '@batuta/contract';
import type { ClientBase, PoolClient } from 'pg';
import type { BackupSummary, BackupWriter, RestoreOptions } from '../../port/backup.ts';
import { restoreBackup } from './backup/restore-backup.ts';
import { writeBackup } from './backup/write-backup.ts';
import type { Database, MigrationInfo, MigrationStatus, OwnerConnection } from '../../port/database.ts';
import { isConnectionError, unreachable } from './database-error.ts';
import type { Migration } from './migration.ts';
import { applyMigrations, pendingMigrations, readApplied } from './migrator.ts';

/** What differs between the embedded database and a server. */
export interface Engine {
  readonly kind: Database['kind'];
  readonly description: string;
  readonly address: string;
  /** A connection of the pool, in the role of the application. */
  readonly connect: () => Promise<PoolClient>;
  /** One that nothing else waits for, for what must not stand in line behind other work; absent where there is only one. */
  readonly connectUrgently?: () => Promise<PoolClient>;
  /** Runs work on a connection of the user that owns the database, in no role. */
  administer<Result>(work: (client: ClientBase) => Promise<Result>): Promise<Result>;
  /** Runs one piece of SQL as that user, one at a time or few. */
  executeAsOwner: OwnerConnection['execute'];
  /** Copies the database aside before it is migrated; the path of the copy, null where copies are somebody else's work. */
  copyAside(client: ClientBase, found: number): Promise<string | null>;
  /** Bytes free where the database lives; null where that cannot be known. */
  freeBytes(): Promise<number | null>;
  vacuum(): Promise<void>;
  close(): Promise<void>;
}

const reachableWithinMs = 2000;

/** A PostgreSQL database, embedded or not. */
export class SqlDatabase implements Database {
  readonly #engine: Engine;
  readonly #migrations: readonly Migration[];

  constructor(engine: Engine, migrations: readonly Migration[]) {
    this.#engine = engine;
    this.#migrations = migrations;
  }

  get kind(): Database['kind'] {
    return this.#engine.kind;
  }

  get description(): string {
    return this.#engine.description;
  }

  get owner(): OwnerConnection {
    return { execute: (text, values) => this.#translated(() => this.#engine.executeAsOwner(text, values)) };
  }

  async isReachable(): Promise<boolean> {
    const { promise: tooLate, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), reachableWithinMs);
    try {
      return await Promise.race([tooLate, this.#answers()]);
    } finally {
      clearTimeout(timer);
    }
  }

  async migrationStatus(): Promise<MigrationStatus> {
    const { applied, bytes } = await this.#administer(async (client) => {
      const size = await client.query<{ bytes: number }>(
        'select pg_database_size(current_database())::float8 as bytes',
      );
      return { applied: await readApplied(client), bytes: size.rows[0]?.bytes ?? 0 };
    });
    const found = applied.at(-1)?.number ?? 0;
    const pending = pendingMigrations(this.#migrations, applied);
    return {
      found,
      known: this.#migrations.length,
      pending: pending.map(({ number, name, additive }) => ({ number, name, additive })),
      databaseBytes: bytes,
      freeBytes: await this.#engine.freeBytes(),
    };
  }

  async migrate(): Promise<{ applied: MigrationInfo[]; copy: string | null }> {
    let copy: string | null = null;
    const applied = await this.#administer((client) =>
      applyMigrations(client, this.#migrations, async (found) => {
        copy = await this.#engine.copyAside(client, found);
      }),
    );
    return { applied, copy };
  }

  backup(write: BackupWriter): Promise<BackupSummary> {
    return this.#administer((client) => writeBackup(client, write));
  }

  restore(lines: AsyncIterable<string>, options: RestoreOptions): Promise<BackupSummary> {
    const target = { ...options, migrations: this.#migrations, address: this.#engine.address };
    return this.#administer((client) => restoreBackup(client, lines, target));
  }

  async vacuum(): Promise<void> {
    await this.#engine.vacuum();
  }

  async close(): Promise<void> {
    await this.#engine.close();
  }

  async #answers(): Promise<boolean> {
    try {
      const client = await this.#engine.connect();
      await client.query('select 1').finally(() => client.release());
      return true;
    } catch (error) {
      return BatutaError.has(error, 'database-not-migrated');
    }
  }

  #administer<Result>(work: (client: ClientBase) => Promise<Result>): Promise<Result> {
    return this.#translated(() => this.#engine.administer(work));
  }

  async #translated<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw isConnectionError(error) ? unreachable(this.#engine.address, error) : error;
    }
  }
}
