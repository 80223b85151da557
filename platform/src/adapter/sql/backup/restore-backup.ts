import { BatutaError, renderMessage } from '@batuta/contract';
import type { ClientBase } from 'pg';
import type { BackupSummary, RestoreOptions } from '../../../port/backup.ts';
import type { Migration } from '../migration.ts';
import { applyMigrations, readApplied } from '../migrator.ts';
import { invalid, readItems, type BackupHeader, type BackupItem, type BackupTable } from './backup-format.ts';
import { columnsOf, quoted, storedTables, writableColumns } from './stored-tables.ts';

/** Rows and characters that are sent to the database at once. */
const pieceRows = 500;
const pieceCharacters = 4_000_000;

/** Where a backup is restored, and how. */
export interface RestoreTarget extends RestoreOptions {
  migrations: readonly Migration[];
  /** The database's name in messages. */
  address: string;
}

/**
 * Restores a backup into an empty database: the schema as it was then, all rows in one transaction, then the migrations that came
 * since. A backup that turns out to be cut off or changed leaves no row. Errors: `backup-invalid`, `backup-too-new`,
 * `restore-target-in-use`.
 */
export async function restoreBackup(
  client: ClientBase,
  lines: AsyncIterable<string>,
  target: RestoreTarget,
): Promise<BackupSummary> {
  const { migrations } = target;
  const items = readItems(lines);
  const first = await items.next();
  if (first.done || first.value.kind !== 'header') throw invalid('it is empty');
  const { header } = first.value;
  const known = migrations.length;
  if (header.migration > known) throw new BatutaError('backup-too-new', { found: header.migration, known });
  await assertEmpty(client, target);
  await applyMigrations(client, migrations.slice(0, header.migration), async () => undefined);
  const rows = await inTransaction(client, () => restoreRows(client, items, { header, ...target }));
  await applyMigrations(client, migrations, async () => undefined);
  return { createdAt: header.created_at, migration: header.migration, rows };
}

/** A restore that failed has left its tables, without a row: it can be tried again. */
async function assertEmpty(client: ClientBase, { address }: RestoreTarget): Promise<void> {
  if ((await readApplied(client)).length === 0) return;
  const inUse = new BatutaError('restore-target-in-use', { address });
  for (const table of await storedTables(client)) {
    await client.query(`alter table batuta.${quoted(table)} no force row level security`);
    const found = await client.query(`select 1 from batuta.${quoted(table)} limit 1`);
    await client.query(`alter table batuta.${quoted(table)} force row level security`);
    if (found.rows.length > 0) throw inUse;
  }
}

async function inTransaction<Result>(client: ClientBase, work: () => Promise<Result>): Promise<Result> {
  await client.query('begin');
  try {
    await client.query(
      `set local search_path = batuta; set local timezone = 'UTC'; set local statement_timeout = 0`,
    );
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function restoreRows(
  client: ClientBase,
  items: AsyncGenerator<BackupItem>,
  { header, resume }: { header: BackupHeader; resume: boolean },
): Promise<Record<string, number>> {
  const tables = await storedTables(client);
  await forceRowSecurity(client, tables, false);
  const rows = await insertAll(client, items, new Set(tables));
  for (const [sequence, value] of Object.entries(header.sequences)) {
    await client.query('select setval($1::regclass, $2::bigint)', [quoted(sequence), value]);
  }
  if (!resume) {
    await stopUnfinished(client, header.created_at);
    await silence(client);
  }
  await forceRowSecurity(client, tables, true);
  return rows;
}

/** The owner of the tables is held to row-level security, too; while it restores it must not be. */
async function forceRowSecurity(
  client: ClientBase,
  tables: readonly string[],
  isForced: boolean,
): Promise<void> {
  const secured = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'batuta'::regnamespace and relrowsecurity and relname = any($1::text[])`,
    [tables],
  );
  for (const { name } of secured.rows) {
    await client.query(`alter table ${quoted(name)} ${isForced ? '' : 'no '}force row level security`);
  }
}

async function insertAll(
  client: ClientBase,
  items: AsyncGenerator<BackupItem>,
  known: ReadonlySet<string>,
): Promise<Record<string, number>> {
  let insert: InsertRows | undefined;
  const rows: Record<string, number> = {};
  for await (const item of items) {
    if (item.kind === 'row') await insert?.add(item.row);
    if (item.kind === 'table' || item.kind === 'end') await insert?.flush();
    if (item.kind === 'end') Object.assign(rows, item.end.rows);
    if (item.kind !== 'table') continue;
    insert = await insertInto(client, item.table, known);
  }
  return rows;
}

async function insertInto(
  client: ClientBase,
  { table, columns }: BackupTable,
  known: ReadonlySet<string>,
): Promise<InsertRows> {
  if (!known.has(table)) throw invalid(`it has a table ${table}, which is none of Batuta's`);
  const own = await columnsOf(client, table);
  if (own.join() !== columns.join()) {
    throw invalid(`its table ${table} has the columns ${columns.join(', ')} instead of ${own.join(', ')}`);
  }
  return new InsertRows(client, { table, columns: await writableColumns(client, table) });
}

/** Collects rows and sends many at once. PostgreSQL reads them as it wrote them. */
class InsertRows {
  readonly #client: ClientBase;
  readonly #table: string;
  readonly #sql: string;
  #rows: string[] = [];
  #characters = 0;

  constructor(client: ClientBase, { table, columns }: { table: string; columns: readonly string[] }) {
    this.#client = client;
    this.#table = table;
    const list = columns.map(quoted).join(', ');
    const values = columns.map((column) => `(read.stored).${quoted(column)}`).join(', ');
    // "offset 0" keeps a row from being read again for each of its columns.
    this.#sql = `insert into ${quoted(table)} (${list}) overriding system value
      select ${values} from (select line::${quoted(table)} as stored from unnest($1::text[]) line offset 0) read`;
  }

  async add(row: string): Promise<void> {
    this.#rows.push(row);
    this.#characters += row.length;
    if (this.#rows.length >= pieceRows || this.#characters >= pieceCharacters) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#rows.length === 0) return;
    const rows = this.#rows;
    this.#rows = [];
    this.#characters = 0;
    try {
      await this.#client.query(this.#sql, [rows]);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw invalid(`rows of table ${this.#table} do not fit: ${reason}`);
    }
  }
}

/**
 * The old platform may still be there, or this may be a copy for trying things out: nothing is started or told to anybody before
 * somebody enables it again.
 */
async function silence(client: ClientBase): Promise<void> {
  await client.query('update schedules set enabled = false');
  await client.query(`update webhooks set enabled = false, disabled_reason = 'by-request' where enabled`);
}

/** Leaves each unfinished run the signal that ends it as failed: the first worker carries that out before anything else. */
async function stopUnfinished(client: ClientBase, createdAt: string): Promise<void> {
  const data = { created_at: createdAt };
  const error = { code: 'run-restored', message: renderMessage('run-restored', data), data };
  await client.query(
    `with stopped as (
       update runs set signals_pending = signals_pending + 1, waiting_for = null, wake_at = null,
         status = case when status = 'waiting' then 'queued' else status end
       where status in ('queued', 'running', 'waiting')
       returning id, tenant_id
     )
     insert into run_signals (run_id, tenant_id, kind, data) select id, tenant_id, 'fail', $1::json from stopped`,
    [JSON.stringify({ error })],
  );
}
