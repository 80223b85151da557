import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
import {
  openDatabase,
  type Engine,
  type Migration,
  type OpenDatabase,
} from '../../src/composition/open-database.ts';
import type { Database } from '../../src/port/database.ts';

/** Both kinds of database. */
export const databaseKinds = ['pglite', 'postgres'] as const;
export type DatabaseKind = (typeof databaseKinds)[number];

/** A database without anything in it, not even tables. */
export async function openEmpty(
  kind: DatabaseKind,
  migrations?: readonly Migration[],
): Promise<OpenDatabase & { url: string | undefined }> {
  const options = migrations ? { migrations } : {};
  if (kind === 'pglite') {
    return { ...(await openDatabase({ memory: true, ...options })), url: undefined };
  }
  const name = `batuta_test_${randomBytes(6).toString('hex')}`;
  const client = new Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  return { ...(await openDatabase({ url: url.href, ...options })), url: url.href };
}

/** A backup in memory. */
export async function backupOf(database: Database): Promise<string> {
  let text = '';
  await database.backup(async (piece) => {
    text += piece;
  });
  return text;
}

/** The lines of a text, as a file gives them. */
export async function* linesOf(text: string): AsyncGenerator<string> {
  for (const line of text.split('\n').slice(0, text.endsWith('\n') ? -1 : undefined)) yield line;
}

/** Every row of every table, each as text. */
export async function contentOf(engine: Engine): Promise<Record<string, string[]>> {
  return engine.administer(async (client) => {
    await client.query(`set timezone = 'UTC'; set datestyle = 'ISO'`);
    const tables = await client.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'batuta' and tablename not in ('migrations', 'workers', 'workspaces')`,
    );
    const content: Record<string, string[]> = {};
    for (const { name } of tables.rows) {
      const rows = await client.query<{ line: string }>(
        `select row_to_json(t)::text as line from batuta.${name} t order by 1`,
      );
      content[name] = rows.rows.map(({ line }) => line);
    }
    return content;
  });
}
