import { BatutaError } from '@batuta/contract';
import type { ClientBase } from 'pg';
import type { MigrationInfo } from '../../port/database.ts';
import { applicationRole, backupRole, systemRole } from './connection-setup.ts';
import { ensureRoles } from './ensure-roles.ts';
import type { Migration } from './migration.ts';

/** Key of the advisory lock that lets one process migrate at a time: "batuta" in ASCII. */
const lockKey = '0x626174757461';

/** Longest wait for another process that migrates. */
const lockTimeoutMs = 600_000;

interface AppliedMigration {
  number: number;
  additive: boolean;
}

/** Numbers of the migrations that a database has; empty for a new one. */
export async function readApplied(client: ClientBase): Promise<AppliedMigration[]> {
  const exists = await client.query<{ found: boolean }>(
    `select to_regclass('batuta.migrations') is not null as found`,
  );
  if (!exists.rows[0]?.found) return [];
  const applied = await client.query<AppliedMigration>(
    'select number, additive from batuta.migrations order by number',
  );
  return applied.rows;
}

/** The migrations that a database lacks. Errors: `database-too-new`. */
export function pendingMigrations(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): Migration[] {
  const known = migrations.length;
  const unknown = applied.filter((migration) => migration.number > known);
  if (unknown.some((migration) => !migration.additive)) {
    const found = Math.max(...unknown.map((migration) => migration.number));
    throw new BatutaError('database-too-new', { found, known });
  }
  const numbers = new Set(applied.map((migration) => migration.number));
  return migrations.filter((migration) => !numbers.has(migration.number));
}

/**
 * Applies what is pending, each migration in its own transaction, on a connection of the database's owner. The lock makes
 * other processes wait until it is done; on the embedded database, which has one connection, the lock does nothing.
 * `beforeFirst` is called once before a database that has data is changed.
 */
export async function applyMigrations(
  client: ClientBase,
  migrations: readonly Migration[],
  beforeFirst: (found: number) => Promise<void>,
): Promise<MigrationInfo[]> {
  await client.query(`set statement_timeout = 0; set lock_timeout = ${lockTimeoutMs}`);
  await client.query(`select pg_advisory_lock(x'${lockKey.slice(2)}'::bigint)`);
  try {
    const applied = await readApplied(client);
    const pending = pendingMigrations(migrations, applied);
    if (pending.length === 0) return [];
    if (applied.length > 0) await beforeFirst(applied.length);
    await ensureRoles(client);
    await prepareSchema(client);
    for (const migration of pending) await applyMigration(client, migration);
    await grantBackup(client);
    return pending.map(({ number, name, additive }) => ({ number, name, additive }));
  } finally {
    await client.query(`select pg_advisory_unlock(x'${lockKey.slice(2)}'::bigint)`).catch(() => undefined);
  }
}

async function prepareSchema(client: ClientBase): Promise<void> {
  try {
    await client.query(schemaAndRecord);
  } catch (error) {
    throw migrationFailed('of the schema "batuta"', error);
  }
}

const schemaAndRecord = `
    create schema if not exists batuta;
    grant usage on schema batuta to ${applicationRole}, ${systemRole};
    create table if not exists batuta.migrations (
      number integer primary key,
      name text not null,
      additive boolean not null,
      applied_at timestamptz not null default now()
    )`;

async function applyMigration(client: ClientBase, migration: Migration): Promise<void> {
  const { number, name, additive, sql } = migration;
  try {
    await client.query(`begin; set local search_path = batuta; ${sql}`);
    await client.query('insert into batuta.migrations (number, name, additive) values ($1, $2, $3)', [
      number,
      name,
      additive,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw migrationFailed(`${number} (${name})`, error);
  }
}

/**
 * Lets the role of backups read every table, also those of the latest migrations: a table that a migration forgot would be
 * missing in every backup.
 */
async function grantBackup(client: ClientBase): Promise<void> {
  await client.query(`
    grant usage on schema batuta to ${backupRole};
    grant select on all tables in schema batuta to ${backupRole};
    do $$
    declare
      secured record;
    begin
      for secured in
        select relname from pg_class where relnamespace = 'batuta'::regnamespace and relkind = 'r' and relrowsecurity
          and not exists (select 1 from pg_policy where polrelid = pg_class.oid and polname = 'backup_any')
      loop
        execute format('create policy backup_any on batuta.%I for select to ${backupRole} using (true)', secured.relname);
      end loop;
    end
    $$`);
}

function migrationFailed(name: string, error: unknown): BatutaError<'migration-failed'> {
  const reason = error instanceof Error ? error.message : String(error);
  return new BatutaError('migration-failed', { name, reason }, { cause: error });
}
