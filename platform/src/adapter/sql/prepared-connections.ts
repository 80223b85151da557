import type { Pool, PoolClient } from 'pg';

/** Connections of a pool, each made ready before its first use; one that cannot be made ready is not kept. */
export function preparedConnections(
  pool: Pool,
  prepare: (client: PoolClient) => Promise<void>,
): () => Promise<PoolClient> {
  const ready = new WeakSet<PoolClient>();
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
