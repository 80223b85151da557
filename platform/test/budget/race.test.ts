import { join } from 'node:path';
import type { Run } from '@batuta/contract';
import { endWorkerProcesses, startWorkerProcess, type WorkerHandle } from '@batuta/testkit/crash';
import { Client } from 'pg';
import { afterEach, expect, inject, it } from 'vitest';
import { newDatabase } from '../cluster/new-database.ts';
import { limitMicros } from './race-scenario.ts';

const scenario = join(import.meta.dirname, 'race-scenario.ts');
const processes = 4;
const runsOfEach = 250;

afterEach(() => endWorkerProcesses());

/** The most that was ever seen spent and reserved on the account, looked at again and again until it is stopped. */
function watch(client: Client) {
  const seen = { most: 0, looks: 0, isStopped: false };
  const look = async () => {
    while (!seen.isStopped) {
      const { rows } = await client.query<{ used: number }>(
        `select coalesce(sum(spent + reserved), 0)::float8 as used from batuta.budget_usage
         where account like 'agent/racer/day/%'`,
      );
      seen.most = Math.max(seen.most, rows[0]?.used ?? 0);
      seen.looks += 1;
    }
  };
  const looking = look();
  return { seen, stop: () => ((seen.isStopped = true), looking) };
}

async function race(worker: WorkerHandle, place: number): Promise<Run[]> {
  const accepted = await Promise.all(
    Array.from({ length: runsOfEach }, (_, index) =>
      worker.ask('accept', { agent: 'racer', input: 'Go', key: `${place}-${index}` }),
    ),
  );
  return await Promise.all(accepted.map(({ id }) => worker.ask('finish', { runId: id, decision: null })));
}

/** Worker processes on one database that have begun to claim runs. */
async function startWorkers(url: string): Promise<WorkerHandle[]> {
  const setup = { database: { url }, scenario, outside: '', leaseMs: 10_000, pollMs: 100 };
  // The first one migrates.
  const first = await startWorkerProcess(setup);
  const others = await Promise.all(Array.from({ length: processes - 1 }, () => startWorkerProcess(setup)));
  const workers = [first, ...others];
  await Promise.all(workers.map((worker) => worker.ask('start', {})));
  return workers;
}

/** What is spent and reserved, by the scope of the accounts. */
async function totals(client: Client) {
  const { rows } = await client.query<{ scope: string; spent: number; reserved: number }>(
    `select split_part(account, '/', 1) as scope, sum(spent)::float8 as spent, sum(reserved)::float8 as reserved
     from batuta.budget_usage group by 1 order by 1`,
  );
  return rows;
}

it('1,000 runs in four processes never pass the limit that they race for', { timeout: 180_000 }, async () => {
  await using database = await newDatabase(inject('postgresUrl'));
  const workers = await startWorkers(database.url);
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const watching = watch(client);
  const runs = (await Promise.all(workers.map(race))).flat();
  await watching.stop();
  const succeeded = runs.filter(({ status }) => status === 'succeeded').length;
  const failed = runs.filter(({ error }) => error?.code === 'budget-reached').length;
  expect(succeeded + failed).toBe(processes * runsOfEach);
  // Used to its end: what is left does not pay for another call.
  expect(succeeded * 7).toBeGreaterThan(limitMicros - 10);
  expect(watching.seen.most).toBeLessThanOrEqual(limitMicros);
  expect(watching.seen.looks).toBeGreaterThan(100);
  const all = { spent: succeeded * 7, reserved: 0 };
  expect(await totals(client)).toEqual(['agent', 'run', 'session'].map((scope) => ({ scope, ...all })));
  await client.end();
});
