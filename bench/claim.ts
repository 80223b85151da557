/**
 * What a claim costs with a long queue: `node bench/claim.ts`. Each case fills a fresh database on a PostgreSQL server of its
 * own, then sixteen runs are claimed again and again, each time given back as ended.
 */
import { closeFreshDatabases, freshDatabase, type FreshDatabase } from '@batuta/testkit/database';
import { startPostgres } from '@batuta/testkit/postgres';

const rounds = 200;
const batch = 16;

const cases: Record<string, string> = {
  'nothing queued': 'select',
  'one tenant, 100,000 queued': fill('noisy', 100_000),
  'the same, and 50 tenants with one each': `${fill('noisy', 100_000)}; ${each(50, 1)}`,
  '1,000 tenants with 100 each': each(1000, 100),
  'one session with 10,000 queued, its run waiting, and 50 tenants with one each': `${fill('noisy', 10_000, 'one')}; ${each(50, 1)};
    update batuta.runs set status = 'waiting', waiting_for = 'input'
    where id = (select id from batuta.runs where tenant_id = 'noisy' order by position limit 1)`,
};

/** Queues runs of a tenant, in sessions of their own or in one. */
function fill(tenant: string, count: number, session?: string): string {
  const sessionId = session === undefined ? `'ses_${tenant}_' || n` : `'ses_${session}'`;
  return `
    insert into batuta.agent_definitions (tenant_id, hash, definition) values ('${tenant}', 'h', '{}');
    insert into batuta.runs (id, tenant_id, session_id, agent, definition_hash, input, metadata, status)
    select 'run_${tenant}_' || n, '${tenant}', ${sessionId}, 'a', 'h', '{}', '{}', 'queued' from generate_series(1, ${count}) n`;
}

function each(tenants: number, count: number): string {
  return `
    insert into batuta.agent_definitions (tenant_id, hash, definition) select 't' || t, 'h', '{}' from generate_series(1, ${tenants}) t;
    insert into batuta.runs (id, tenant_id, session_id, agent, definition_hash, input, metadata, status)
    select 'run_' || t || '_' || n, 't' || t, 'ses_' || t || '_' || n, 'a', 'h', '{}', '{}', 'queued'
    from generate_series(1, ${count}) n, generate_series(1, ${tenants}) t order by n`;
}

async function measure(stores: FreshDatabase): Promise<number[]> {
  const times: number[] = [];
  await stores.runs.heartbeat('bench', 3_600_000);
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    const claimed = await stores.runs.claim('bench', { limit: batch });
    times.push(performance.now() - began);
    if (round % 8 !== 7) continue;
    const ids = claimed.map(({ run }) => `'${run.id}'`).join(',') || `''`;
    await administer(
      stores,
      `update batuta.runs set status = 'succeeded' where id in (${ids}) or (status = 'running' and random() < 0.5)`,
    );
  }
  return times.toSorted((one, other) => one - other);
}

async function administer(stores: FreshDatabase, sql: string): Promise<void> {
  await stores.engine.administer((client) => client.query(sql));
}

const server = await startPostgres();
try {
  for (const [name, sql] of Object.entries(cases)) {
    const stores = await freshDatabase('postgres', server.url);
    await administer(stores, sql);
    await administer(stores, 'analyze');
    const times = await measure(stores);
    const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(2);
    console.log(`${name}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
    stores.release();
  }
} finally {
  await closeFreshDatabases();
  await server.stop();
}
