import { Client } from 'pg';

/** Counters of a PostgreSQL server at one moment. */
export interface DatabaseFigures {
  /** Transactions that wrote something: each takes one transaction id. */
  writes: bigint;
  walBytes: bigint;
}

/** Reads the counters of a server. */
export async function readFigures(url: string): Promise<DatabaseFigures> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ xid: string; wal: string }>(
      `select pg_snapshot_xmax(pg_current_snapshot())::text as xid, (pg_current_wal_lsn() - '0/0'::pg_lsn)::text as wal`,
    );
    return { writes: BigInt(rows[0]?.xid ?? 0), walBytes: BigInt(rows[0]?.wal ?? 0) };
  } finally {
    await client.end();
  }
}

/** Runs one statement on a server. */
export async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}
