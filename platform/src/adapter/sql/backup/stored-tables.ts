import type { ClientBase } from 'pg';

/** Tables that say who works now, and what is on which disk: a restored database has nobody at work and no files. */
const passingTables = ['migrations', 'workers', 'workspaces'];

/** A table, and those that must have their rows before it. */
interface StoredTable {
  name: string;
  needs: string[];
}

/** The tables of a backup, each after those that it refers to. */
export async function storedTables(client: ClientBase): Promise<string[]> {
  const found = await client.query<StoredTable>(
    `select class.relname as name, array(
       select target.relname::text from pg_constraint reference join pg_class target on target.oid = reference.confrelid
       where reference.conrelid = class.oid and reference.contype = 'f' and reference.confrelid <> class.oid
     ) as needs
     from pg_class class join pg_namespace space on space.oid = class.relnamespace
     where space.nspname = 'batuta' and class.relkind = 'r' and class.relname <> all($1::text[])
     order by class.relname`,
    [passingTables],
  );
  return inOrder(found.rows);
}

function inOrder(tables: readonly StoredTable[]): string[] {
  const ordered: string[] = [];
  let waiting = [...tables];
  while (waiting.length > 0) {
    const ready = waiting.filter(({ needs }) => needs.every((name) => ordered.includes(name)));
    // Tables that refer to each other in a circle could not be filled by any order; the migrations have none.
    const next = ready.length > 0 ? ready : waiting;
    ordered.push(...next.map(({ name }) => name));
    waiting = waiting.filter((table) => !next.includes(table));
  }
  return ordered;
}

/** Columns of a table in the order of its rows. */
export async function columnsOf(client: ClientBase, table: string): Promise<string[]> {
  return (await describeColumns(client, table)).map(({ name }) => name);
}

/** Columns of a table that can be written: those that the database computes by itself are left out. */
export async function writableColumns(client: ClientBase, table: string): Promise<string[]> {
  const columns = await describeColumns(client, table);
  return columns.filter(({ computed }) => !computed).map(({ name }) => name);
}

async function describeColumns(
  client: ClientBase,
  table: string,
): Promise<{ name: string; computed: boolean }[]> {
  const found = await client.query<{ name: string; computed: boolean }>(
    `select attname as name, attgenerated <> '' as computed from pg_attribute
     where attrelid = format('batuta.%I', $1::text)::regclass and attnum > 0 and not attisdropped
     order by attnum`,
    [table],
  );
  return found.rows;
}

/** The last value of every sequence that was used. */
export async function sequenceValues(client: ClientBase): Promise<Record<string, string>> {
  const found = await client.query<{ name: string; value: string }>(
    `select sequencename as name, last_value::text as value from pg_sequences
     where schemaname = 'batuta' and last_value is not null order by sequencename`,
  );
  return Object.fromEntries(found.rows.map(({ name, value }) => [name, value]));
}

/** A name as an identifier of SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
