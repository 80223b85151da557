import { describe, expect, test } from 'vitest';
import { ids, makeApproval, makeNextRun, makeRun, makeTurn, queue, start } from './make-run.ts';
import { makeEntry } from './audit.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

/** Tenants: the database itself shows each only its own. */
export function describeRowLevelSecurity(open: StoreFactory): void {
  describe('row-level security', () => {
    const stores = useStores(open);

    async function query<Row extends object>(sql: string): Promise<Row[]> {
      return await stores().engine.administer(async (client) => (await client.query<Row>(sql)).rows);
    }

    async function asApplication(sql: string): Promise<unknown[]> {
      const client = await stores().engine.connect();
      try {
        return (await client.query(sql)).rows;
      } finally {
        client.release();
      }
    }

    const tenantTables = `
      select class.oid, class.relname as name, class.relrowsecurity and class.relforcerowsecurity as forced
      from pg_class class join pg_attribute attribute on attribute.attrelid = class.oid
      where class.relnamespace = 'batuta'::regnamespace and class.relkind in ('r', 'p')
        and attribute.attname = 'tenant_id' and not attribute.attisdropped`;

    test('is forced on every table that has a tenant, with a policy that names it', async () => {
      const tables = await query<{ name: string; forced: boolean; policy: string | null }>(`
        select name, forced, (
          select pg_get_expr(polqual, polrelid) from pg_policy
          where polrelid = tables.oid and 'batuta_app'::regrole = any(polroles)
        ) as policy
        from (${tenantTables}) tables`);
      expect(tables.length).toBeGreaterThanOrEqual(12);
      for (const table of tables) {
        expect(table).toMatchObject({ forced: true, policy: expect.stringContaining('batuta.tenant') });
      }
    });

    test('covers every table but those without data of a tenant', async () => {
      const all = await query<{ name: string }>(
        `select tablename as name from pg_tables where schemaname = 'batuta'`,
      );
      const covered = await query<{ name: string }>(tenantTables);
      const names = new Set(covered.map((table) => table.name));
      const rest = all.map((table) => table.name).filter((name) => !names.has(name));
      expect(rest.toSorted()).toEqual(['migrations', 'workers']);
    });

    test('lets no connection of the application pass as somebody who could go round it', async () => {
      const [role] = await asApplication(
        `select rolname, rolsuper, rolbypassrls, rolcanlogin from pg_roles where rolname = current_user`,
      );
      expect(role).toEqual({
        rolname: 'batuta_app',
        rolsuper: false,
        rolbypassrls: false,
        rolcanlogin: false,
      });
    });

    test('shows nothing, and lets nothing be written, without a tenant', async () => {
      await start(stores().runs);
      for (const table of await query<{ name: string }>(tenantTables)) {
        expect(await asApplication(`select * from ${table.name}`)).toEqual([]);
      }
      const insert = `insert into tenants (tenant_id, name) values ('x', 'x')`;
      await expect(asApplication(insert)).rejects.toThrow(/row-level security/);
    });

    test('lets no tenant write rows of another', async () => {
      const foreign = `begin; set local batuta.tenant = 'other'; insert into agent_definitions values ('acme', 'h', '{}')`;
      const client = await stores().engine.connect();
      await expect(client.query(foreign)).rejects.toThrow(/row-level security/);
      await client.query('rollback');
      client.release();
    });

    test('lets the role for work over all tenants do only that work', async () => {
      const forbidden = [
        'select * from events',
        'select * from artifacts',
        'delete from runs',
        'update runs set input = null',
      ];
      const client = await stores().engine.connect();
      for (const sql of forbidden) {
        await client.query('begin; set local role batuta_system');
        await expect(client.query(sql)).rejects.toThrow(/permission denied/);
        await client.query('rollback');
      }
      client.release();
    });

    async function makeEverything() {
      const content = new Uint8Array([1]);
      const file = { id: ids.create('artifact'), name: 'a', mediaType: 'text/plain', content };
      const lease = await start(stores().runs, makeRun({ artifacts: [file] }));
      const approval = makeApproval();
      await stores().runs.commit(makeTurn(lease, 2, { approvals: [approval] }));
      return { lease, file, approval };
    }

    test('lets no tenant cancel a run of another that nobody began', async () => {
      const { run } = await queue(stores().runs);
      expect(await stores().runs.cancelUnstarted('other', run.id)).toBeNull();
      expect(await stores().runs.get('acme', run.id)).toMatchObject({ status: 'queued' });
    });

    test('hides what one tenant has from another, in every store', async () => {
      const { lease, file, approval } = await makeEverything();
      const { runs, sessions, events, artifacts, approvals } = stores();
      const found = await Promise.all([
        runs.get('other', lease.runId),
        sessions.get('other', lease.sessionId),
        artifacts.describe('other', file.id),
        artifacts.read('other', file.id, { offset: 0, length: 1 }),
        approvals.get('other', approval.id),
      ]);
      expect(found.filter((one) => one !== undefined)).toEqual([]);
      const listed = await Promise.all([
        runs.list('other', { limit: 9 }),
        runs.list('other', { limit: 9, sessionId: lease.sessionId }),
        sessions.list('other', { limit: 9 }),
        events.read('other', lease.sessionId, { afterSeq: 0, limit: 9 }),
        runs.signals({ ...lease, tenantId: 'other' }),
        runs.liveChildren('other', lease.runId),
        approvals.list('other', { pending: false, limit: 9 }),
      ]);
      expect(listed.flat()).toEqual([]);
    });

    test('lets no tenant change what another has, in any store', async () => {
      const { lease, approval } = await makeEverything();
      const { runs, sessions, approvals } = stores();
      const fork = { id: ids.create('session'), ownerId: null };
      const cancel = { kind: 'cancel' as const, data: { reason: '', cancelledBy: '' } };
      const rule = { allowed: ['running'] as const, action: 'cancelling' };
      const decision = { decision: 'approve' as const, decidedBy: 'ana' };
      const tried = await Promise.allSettled([
        runs.signal({ tenantId: 'other', runId: lease.runId }, cancel, rule),
        runs.commit(makeTurn({ ...lease, tenantId: 'other' }, 3)),
        queue(runs, makeNextRun(lease.sessionId, { tenantId: 'other' })),
        sessions.delete('other', lease.sessionId),
        sessions.fork({ tenantId: 'other', sessionId: lease.sessionId }, fork),
        approvals.decide({ tenantId: 'other', id: approval.id }, decision, makeEntry()),
      ]);
      expect(tried.map((one) => one.status === 'rejected' && one.reason.code)).toEqual([
        'run-unknown',
        'lease-lost',
        ...Array(3).fill('session-unknown'),
        'approval-unknown',
      ]);
      await expect(runs.commit(makeTurn(lease, 3))).resolves.toMatchObject({ signalsPending: false });
    });
  });
}
