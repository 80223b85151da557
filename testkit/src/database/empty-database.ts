import type { Engine } from '@batuta/platform/database';

const statements = new WeakMap<Engine, string>();

/**
 * Removes every row of every table but the list of migrations. Deleting is quicker than truncating here: a truncated table
 * gets new files for itself and each of its indexes, and a test leaves few rows.
 */
export async function emptyDatabase(engine: Engine): Promise<void> {
  await engine.administer(async (client) => {
    let statement = statements.get(engine);
    if (statement === undefined) {
      const tables = await client.query<{ name: string }>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables
         where schemaname = 'batuta' and tablename <> 'migrations'
         order by tablename = 'tenants'`,
      );
      const deletions = tables.rows.map((table) => `delete from ${table.name}`);
      statement = [...deletions, 'drop schema if exists batuta_jobs cascade'].join('; ');
      statements.set(engine, statement);
    }
    await client.query(statement);
  });
}
