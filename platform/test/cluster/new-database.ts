import pg from 'pg';

/** A database that no migration has seen, on the server of the tests. */
export interface NewDatabase extends AsyncDisposable {
  url: string;
}

let made = 0;

/** Makes one. It is dropped with whoever still uses it. */
export async function newDatabase(serverUrl: string): Promise<NewDatabase> {
  made += 1;
  const name = `cluster_${process.pid}_${made}`;
  await administer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    [Symbol.asyncDispose]: () => administer(serverUrl, `drop database ${name} with (force)`),
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
