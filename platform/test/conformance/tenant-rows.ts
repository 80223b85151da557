import { describe, expect, test } from 'vitest';
import { useStores, type StoreFactory } from './store-factory.ts';
import { systemRights, tableProbes } from './table-probes.ts';

const denied = /row-level security|permission denied/;

/** Rows of every table, tried one by one by another tenant. */
export function describeTenantRows(open: StoreFactory): void {
  describe('rows of a tenant', () => {
    const stores = useStores(open);

    async function administer<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
      return await stores().engine.administer(async (client) => (await client.query<Row>(sql, values)).rows);
    }

    /** What a statement of a tenant did: the number of rows, or the words of its refusal. */
    async function asTenant(tenant: string, sql: string, values: unknown[] = []): Promise<number | string> {
      const client = await stores().engine.connect();
      try {
        await client.query('begin');
        await client.query(`select set_config('batuta.tenant', $1, true)`, [tenant]);
        return (await client.query(sql, values)).rowCount ?? 0;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      } finally {
        await client.query('rollback');
        client.release();
      }
    }

    function insertOf(table: string, tenant: string): [sql: string, values: string[]] {
      const row = { tenant_id: tenant, ...tableProbes[table] };
      const places = Object.keys(row).map((_, index) => `$${index + 1}`);
      const columns = Object.keys(row).map((column) => `"${column}"`);
      return [
        `insert into batuta.${table} (${columns.join()}) values (${places.join()})`,
        Object.values(row),
      ];
    }

    test('are tried for every table that has a tenant: see table-probes.ts', async () => {
      const tables = await administer<{ name: string }>(`
        select class.relname as name from pg_class class
        join pg_attribute attribute on attribute.attrelid = class.oid and attribute.attname = 'tenant_id'
        where class.relnamespace = 'batuta'::regnamespace and class.relkind in ('r', 'p') order by 1`);
      expect(tables.map(({ name }) => name)).toEqual(Object.keys(tableProbes).toSorted());
    });

    test.each(Object.keys(tableProbes))('of %s are neither read nor written by another', async (table) => {
      if (table !== 'tenants') await administer(...insertOf(table, 'acme'));
      expect(await asTenant('acme', `select from ${table}`)).toBe(1);
      expect(await asTenant('other', `select from ${table}`)).toBe(0);
      const touching = [`update ${table} set tenant_id = tenant_id`, `delete from ${table}`];
      for (const sql of touching) {
        expect(await asTenant('other', sql)).toSatisfy(
          (done) => done === 0 || denied.test(String(done)),
          sql,
        );
      }
      expect(await asTenant('other', ...insertOf(table, 'acme'))).toMatch(denied);
      expect(await asTenant('acme', `update ${table} set tenant_id = 'other'`)).toMatch(denied);
    });

    test('are open to the role for work over all tenants no further than that work needs', async () => {
      const rights = await administer<{ what: string; columns: string }>(`
        select format('%s %s', table_name, lower(privilege_type)) as what,
          case when count(*) = (
            select count(*) from pg_attribute
            where attrelid = format('batuta.%I', table_name)::regclass and attnum > 0 and not attisdropped
          ) then '*' else string_agg(column_name, ' ' order by column_name) end as columns
        from information_schema.column_privileges
        where table_schema = 'batuta' and grantee = 'batuta_system'
        group by table_name, privilege_type
        union all
        select format('%s delete', table_name), '*' from information_schema.table_privileges
        where table_schema = 'batuta' and grantee = 'batuta_system' and privilege_type in ('DELETE', 'TRUNCATE')
        order by 1`);
      expect(Object.fromEntries(rights.map(({ what, columns }) => [what, columns]))).toEqual(systemRights);
    });
  });
}
