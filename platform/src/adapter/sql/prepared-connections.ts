import type { Pool, PoolClient } from 'pg';

/** Connections of a pool, each made ready before its first use; one that cannot be made ready is not kept. */
export function preparedConnections(
  pool: Pool,
  prepare: (client: PoolClient) => Promise<void>,
): () => Promise<PoolClient> {
  const ready = new WeakSet<PoolClient>();
  // A connection that breaks fails the queries under way on it, and the next use gets another one. It also says so by this
  // event, which would end the process if nobody listened: the pool itself listens only to connections that are idle.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return async () => {
    const client = await pool.connect();
    if (ready.has(client)) return client;
    try {
      await prepare(client);
    } catch (error) {
      client.release(true);
      throw error;
    }
    ready.add(client);
    return client;
  };
}
