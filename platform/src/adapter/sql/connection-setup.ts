import { BatutaError } from '@batuta/contract';
import type { ClientBase } from 'pg';
import { sqlState } from './database-error.ts';

/** Role that sees one tenant at a time: every pooled connection works as it. */
export const applicationRole = 'batuta_app';
/** Role for work over all tenants, taken for single transactions. */
export const systemRole = 'batuta_system';
/** Role that may read every row of every tenant and write none, taken for the snapshot of a backup. */
export const backupRole = 'batuta_backup';

/** Milliseconds that a transaction may stand still before the server ends it. */
const idleTransactionMs = 60_000;

/** Settings of a connection on which the statements rely. */
export function settingsOf(statementTimeoutMs: number): string {
  return [
    'set search_path = batuta',
    `set timezone = 'UTC'`,
    `set datestyle = 'ISO'`,
    // No statement here runs long enough to be worth compiling; the planner's guesses would have some compiled all the same.
    'set jit = off',
    `set default_transaction_isolation = 'read committed'`,
    `set statement_timeout = ${Math.round(statementTimeoutMs)}`,
    `set idle_in_transaction_session_timeout = ${idleTransactionMs}`,
  ].join('; ');
}

/**
 * Makes a new connection one of the application: from here on it sees nothing but the tenant that a transaction names.
 * Errors: `database-not-migrated`, `database-role-missing`.
 */
export async function enterApplicationRole(client: ClientBase): Promise<void> {
  try {
    await client.query(`set role ${applicationRole}`);
  } catch (error) {
    if (sqlState(error) === '22023') throw notMigrated(error);
    if (sqlState(error) === '42501') throw roleMissing(applicationRole, error);
    throw error;
  }
  // The role is the server's, which may have it from another database.
  const migrated = await client.query<{ found: boolean }>(
    `select to_regclass('batuta.migrations') is not null as found`,
  );
  if (!migrated.rows[0]?.found) throw notMigrated();
}

function notMigrated(cause?: unknown): BatutaError<'database-not-migrated'> {
  return new BatutaError('database-not-migrated', { found: 0, needed: 1 }, { cause });
}

/** The error `database-role-missing`, with what an administrator must run. */
export function roleMissing(role: string, cause: unknown): BatutaError<'database-role-missing'> {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const statement =
    `CREATE ROLE ${applicationRole} NOLOGIN; CREATE ROLE ${systemRole} NOLOGIN; CREATE ROLE ${backupRole} NOLOGIN; ` +
    `GRANT ${applicationRole}, ${systemRole}, ${backupRole} TO <the user of DATABASE_URL>;`;
  return new BatutaError('database-role-missing', { role, reason, statement }, { cause });
}
