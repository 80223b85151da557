import { BatutaError } from '@batuta/contract';
import type { ClientBase } from 'pg';
import type { BackupSummary, BackupWriter } from '../../../port/backup.ts';
import { backupRole } from '../connection-setup.ts';
import { readApplied } from '../migrator.ts';
import { BackupHash, backupVersion, controlLine } from './backup-format.ts';
import { columnsOf, quoted, sequenceValues, storedTables } from './stored-tables.ts';

/** Characters that are read from the database at once, roughly. */
const pieceCharacters = 4_000_000;
const mostRows = 1_000;

/**
 * Writes all rows of all tenants as of one instant. On a server everybody goes on meanwhile; the embedded database has one
 * session and waits until the backup is done. Errors: `database-not-migrated`.
 */
export async function writeBackup(client: ClientBase, write: BackupWriter): Promise<BackupSummary> {
  const migration = (await readApplied(client)).at(-1)?.number;
  if (migration === undefined) throw new BatutaError('database-not-migrated', { found: 0, needed: 1 });
  await client.query('begin isolation level repeatable read read only');
  try {
    await client.query(`set local timezone = 'UTC'; set local datestyle = 'ISO'; set local search_path = batuta;
      set local extra_float_digits = 1; set local statement_timeout = 0`);
    // The sequences are read before the role is taken that may only read tables.
    const sequences = await sequenceValues(client);
    await client.query(`set local role ${backupRole}`);
    return await writeSnapshot(client, { migration, sequences, write });
  } finally {
    await client.query('rollback');
  }
}

async function writeSnapshot(
  client: ClientBase,
  backup: { migration: number; sequences: Record<string, string>; write: BackupWriter },
): Promise<BackupSummary> {
  const { migration, sequences } = backup;
  const hash = new BackupHash();
  const write = async (text: string) => {
    hash.add(text);
    await backup.write(text);
  };
  const createdAt = await snapshotInstant(client);
  await write(controlLine({ batuta_backup: backupVersion, created_at: createdAt, migration, sequences }));
  const rows: Record<string, number> = {};
  for (const table of await storedTables(client)) {
    await write(controlLine({ table, columns: await columnsOf(client, table) }));
    rows[table] = await writeRows(client, table, write);
  }
  await backup.write(controlLine({ end: true, rows, sha256: hash.digest() }));
  return { createdAt, migration, rows };
}

/** Read as text: a driver may be set to give instants as numbers. */
async function snapshotInstant(client: ClientBase): Promise<string> {
  const answer = await client.query<{ at: string }>(
    `select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`,
  );
  return answer.rows[0]?.at ?? '';
}

/** As a JSON string a row is one line, whatever it holds. */
async function writeRows(client: ClientBase, table: string, write: BackupWriter): Promise<number> {
  await client.query(
    `declare backup_rows no scroll cursor for
     select to_json(stored::text)::text as line from batuta.${quoted(table)} stored`,
  );
  let count = 0;
  let size = 16;
  for (;;) {
    const { rows } = await client.query<{ line: string }>(`fetch ${size} from backup_rows`);
    if (rows.length === 0) break;
    const text = rows.map(({ line }) => `${line}\n`).join('');
    await write(text);
    count += rows.length;
    // Rows differ by a factor of millions in size: the next piece follows from this one.
    size = Math.max(1, Math.min(mostRows, Math.floor((rows.length * pieceCharacters) / text.length)));
  }
  await client.query('close backup_rows');
  return count;
}
