import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshDatabase } from '@batuta/testkit/database';
import { describe, expect, inject, test } from 'vitest';
import { newDatabase } from '../cluster/new-database.ts';
import { startRedis } from '../conformance/start-redis.ts';
import { administratorKey } from '../project/test-project.ts';
import { Forked } from './forked.ts';

const limit = 300;

describe.each([
  { how: 'all at once', takers: 250, each: 1 },
  { how: 'in five rows', takers: 5, each: 50 },
])('a thousand takes of four processes on PostgreSQL, $how', ({ takers, each }) => {
  test('pass as often as the limit allows, and never more', { timeout: 60_000 }, async () => {
    const stores = await freshDatabase('postgres', inject('postgresUrl'));
    await using opened = new AsyncDisposableStack();
    opened.defer(() => stores.release());
    const words = [stores.url ?? '', String(limit)];
    const started = await Promise.all([1, 2, 3, 4].map(() => Forked.start('taker-process.ts', words)));
    for (const one of started) opened.use(one.process);
    const ask = async (order: { takers: number; each: number }) => {
      const answers = await Promise.all(started.map(({ process }) => process.ask(order)));
      return answers.reduce((sum, answer) => sum + Number(answer['passed']), 0);
    };
    const passed = await ask({ takers, each });
    expect(passed).toBeLessThanOrEqual(limit);
    // What one process took ahead may be left when the others have been refused.
    const rest = await ask({ takers: 20, each: 2 });
    expect(passed + rest).toBeLessThanOrEqual(limit);
    expect(passed + rest).toBeGreaterThanOrEqual(limit - 4);
    expect(await ask({ takers: 20, each: 2 })).toBe(0);
  });
});

/** A project whose tenants may make so many requests a day. */
function makeProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'batuta-race-'));
  mkdirSync(join(folder, 'agents'));
  const plan = `limits:\n  default_plan: small\n  plans:\n    small: { tenant: { requests_per_day: ${limit} } }\n`;
  writeFileSync(join(folder, 'batuta.yaml'), plan);
  return folder;
}

/** Status and Retry-After of requests that clients send one after the other, several clients at a time. */
async function send(urls: readonly string[], { clients, each }: { clients: number; each: number }) {
  const answers: { status: number; retryAfter: string | null }[] = [];
  const client = async (index: number) => {
    for (let turn = 0; turn < each; turn += 1) {
      const url = `${urls[(index + turn) % urls.length]}/v1/agents`;
      const answer = await fetch(url, { headers: { authorization: `Bearer ${administratorKey}` } });
      await answer.arrayBuffer();
      answers.push({ status: answer.status, retryAfter: answer.headers.get('retry-after') });
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
  return answers;
}

/** Two servers that share a database and Redis, each in a process of its own. Their addresses. */
async function startServers(opened: AsyncDisposableStack): Promise<string[]> {
  const redis = await startRedis();
  opened.defer(() => redis.stop());
  const database = opened.use(await newDatabase(inject('postgresUrl')));
  const folder = makeProject();
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  const shared = { DATABASE_URL: database.url, REDIS_URL: redis.url, BATUTA_ADMIN_KEY: administratorKey };
  const started = await Promise.all([1, 2].map(() => Forked.start('server-process.ts', [folder], shared)));
  for (const one of started) opened.use(one.process);
  return started.map(({ first }) => String(first['url']));
}

test(
  'a thousand requests to two servers on Redis pass as often as the limit allows, and never more',
  { timeout: 90_000 },
  async () => {
    await using opened = new AsyncDisposableStack();
    const answers = await send(await startServers(opened), { clients: 40, each: 25 });
    const passed = answers.filter(({ status }) => status === 200);
    expect(answers).toHaveLength(1000);
    expect(passed.length).toBeLessThanOrEqual(limit);
    expect(passed.length).toBeGreaterThanOrEqual(limit - 2);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.every(({ status, retryAfter }) => status === 429 && Number(retryAfter) > 0)).toBe(true);
  },
);
