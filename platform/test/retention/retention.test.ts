import { freshDatabase } from '@batuta/testkit/database';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, inject, it } from 'vitest';
import {
  applyRetention,
  type Removed,
  type RetentionContext,
} from '../../src/application/retention/apply-retention.ts';
import { retentionTable } from '../../src/domain/retention/retention-table.ts';
import { countingTool } from '../scenario/tool-fixtures.ts';

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
const forEver = {
  sessionDays: 0,
  ledgerDays: 0,
  budgetDays: 0,
  definitionDays: 0,
  accessDays: 0,
  auditDays: 0,
};
const nothing: Partial<Removed> = { sessions: 0, ledger: 0, definitions: 0, keys: 0 };

function apply(platform: TestPlatform, changes: Partial<RetentionContext>): Promise<Removed> {
  const context = {
    ...platform.stores,
    days: forEver,
    auditArchive: null,
    clock: { now: () => Date.now() },
    daysOfTenant: async () => ({}),
    timeZone: 'UTC',
    log: silent,
  };
  return applyRetention({ ...context, ...changes }, new AbortController().signal);
}

/** Makes everything of a session so many days older. */
function age(platform: TestPlatform, sessionId: string, days: number): Promise<unknown> {
  return platform.stores.engine.administer((client) =>
    client.query(
      `update batuta.sessions set updated_at = now() - $2::integer * interval '1 day' where id = $1`,
      [sessionId, days],
    ),
  );
}

function rowsOf(platform: TestPlatform, table: string): Promise<number> {
  return platform.stores.engine.administer(async (client) => {
    const { rows } = await client.query<{ count: string }>(`select count(*) from batuta.${table}`);
    return Number(rows[0]?.count);
  });
}

it('every table of the database is in the table of retention, and no other', async () => {
  const database = await freshDatabase('pglite');
  const found = await database.engine.administer((client) =>
    client.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'batuta' order by 1`,
    ),
  );
  database.release();
  expect(Object.keys(retentionTable)).toEqual(found.rows.map(({ name }) => name));
});

const databases = [
  { database: 'pglite' as const },
  { database: 'postgres' as const, postgresUrl: inject('postgresUrl') },
];

describe.each(databases)('retention on $database', (database) => {
  const refund = countingTool('refund');
  const options = {
    ...database,
    model: ({ messages }: { messages: readonly unknown[] }) =>
      JSON.stringify(messages).includes('refund') ? { calls: [{ tool: 'refund' }] } : { text: 'Done.' },
    agents: [{ permissions: [{ ask: 'refund' }] }],
    tools: [refund.tool],
  };

  it('removes what is old with all that belongs to it, and nothing else', async () => {
    await withPlatform(options, async (platform) => {
      const old = await platform.run('Hi');
      const young = await platform.run('Hi');
      const waiting = await platform.run('refund');
      for (const { session_id: id } of [old, waiting]) await age(platform, id, 40);
      await age(platform, young.session_id, 20);
      expect(await apply(platform, {})).toMatchObject(nothing);
      const removed = await apply(platform, { days: { ...forEver, sessionDays: 30 } });
      expect(removed.sessions).toBe(1);
      const { application, identity } = platform;
      await expect(application.runs.get(identity, old.id)).rejects.toMatchObject({ code: 'run-unknown' });
      expect(await platform.events(old.session_id)).toEqual([]);
      expect(await application.runs.get(identity, young.id)).toMatchObject({ status: 'succeeded' });
      expect(await application.runs.get(identity, waiting.id)).toMatchObject({ status: 'waiting' });
    });
  });

  it('a tenant can keep its sessions longer, or shorter', async () => {
    await withPlatform(options, async (platform) => {
      const { session_id: id } = await platform.run('Hi');
      await age(platform, id, 40);
      const days = { ...forEver, sessionDays: 30 };
      const kept = await apply(platform, { days, daysOfTenant: async () => ({ sessionDays: 0 }) });
      expect(kept.sessions).toBe(0);
      expect(await apply(platform, { daysOfTenant: async () => ({ sessionDays: 30 }) })).toMatchObject({
        sessions: 1,
      });
    });
  });

  it('removes agents that no run refers to, keys that are over, and accounts of days that are', async () => {
    await withPlatform(options, async (platform) => {
      const { session_id: id } = await platform.run('Hi');
      await platform.stores.engine.administer((client) =>
        client.query(`
          update batuta.agent_definitions set created_at = now() - interval '99 days';
          insert into batuta.agent_definitions values ('alpha', 'old', '{}', now() - interval '99 days');
          insert into batuta.login_tokens values ('h', 'alpha', now() - interval '99 days');
          insert into batuta.budget_usage (tenant_id, account, slice, spent, reserved) values
            ('alpha', 'tenant//day/2020-01-01', 0, 5, 0), ('alpha', 'tenant//day/2020-01-02', 0, 5, 1),
            ('alpha', 'tenant//total', 0, 5, 0), ('alpha', 'run/run_gone', 0, 5, 0)`),
      );
      const days = { ...forEver, budgetDays: 30, definitionDays: 30, accessDays: 30 };
      expect(await apply(platform, { days })).toMatchObject({ definitions: 1, logins: 1, accounts: 2 });
      expect(await rowsOf(platform, 'agent_definitions')).toBe(1);
      expect(await platform.events(id)).not.toEqual([]);
    });
  });

  it('stops between two pieces when it is told to, and a tenant that fails keeps nobody', async () => {
    await withPlatform(options, async (platform) => {
      const { session_id: id } = await platform.run('Hi');
      await age(platform, id, 40);
      const days = { ...forEver, sessionDays: 30 };
      const parts = { auditArchive: null, clock: { now: () => Date.now() }, timeZone: 'UTC', log: silent };
      const context = { ...platform.stores, days, ...parts };
      const stopped = await applyRetention(
        { ...context, daysOfTenant: async () => ({}) },
        AbortSignal.abort(),
      );
      expect(stopped.sessions).toBe(0);
      const failing = async (tenantId: string) => {
        if (tenantId === 'beta') throw new TypeError('unreadable');
        return {};
      };
      expect((await apply(platform, { days, daysOfTenant: failing })).sessions).toBe(1);
    });
  });
});
