import type { Engine } from '@batuta/platform/database';

/** Tables and columns that change although nobody does anything to the tenant. */
const restless: Readonly<Record<string, readonly string[]>> = {
  api_keys: ['last_used_at'],
  // What the other member of the tenant was refused is recorded, as it should be.
  audit_log: ['*'],
  audit_heads: ['*'],
  rate_buckets: ['*'],
};

/** Every row that a tenant has, table by table. */
export async function rowsOf(engine: Engine, tenantId: string): Promise<Record<string, string[]>> {
  return await engine.administer(async (client) => {
    const tables = await client.query<{ name: string }>(`
      select class.relname as name from pg_class class
      join pg_attribute attribute on attribute.attrelid = class.oid and attribute.attname = 'tenant_id'
      where class.relnamespace = 'batuta'::regnamespace and class.relkind in ('r', 'p') order by 1`);
    const found: Record<string, string[]> = {};
    for (const { name } of tables.rows) {
      const left = restless[name] ?? [];
      if (left.includes('*')) continue;
      const without = left.map((column) => ` - '${column}'`).join('');
      const rows = await client.query<{ row: string }>(
        `select (to_jsonb(thing)${without})::text as row from batuta.${name} thing where tenant_id = $1 order by 1`,
        [tenantId],
      );
      found[name] = rows.rows.map(({ row }) => row);
    }
    return found;
  });
}
