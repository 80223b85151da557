import { randomBytes } from 'node:crypto';
import { openDatabase } from '@batuta/platform/database';
import { Client } from 'pg';

const lockKey = 778_201_112;

const templates = new Map<string, Promise<string>>();

/** Makes a database on a server from a migrated template and gives its address. */
export async function cloneTemplate(serverUrl: string): Promise<string> {
  let template = templates.get(serverUrl);
  if (!template) {
    template = prepareTemplate(serverUrl);
    templates.set(serverUrl, template);
  }
  const source = await template;
  const name = `batuta_test_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, (client) => client.query(`create database ${name} template ${source}`));
  return withDatabase(serverUrl, name);
}

/** The first process on a server makes the template, the others wait for it: it is named last. */
async function prepareTemplate(serverUrl: string): Promise<string> {
  const name = 'batuta_template';
  await onServer(serverUrl, async (client) => {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rows.length > 0) return;
    await client.query('drop database if exists batuta_unfinished');
    await client.query('create database batuta_unfinished');
    const open = await openDatabase({ url: withDatabase(serverUrl, 'batuta_unfinished') });
    await open.database.migrate();
    await open.database.close();
    await client.query(`alter database batuta_unfinished rename to ${name}`);
  });
  return name;
}

async function onServer(serverUrl: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
