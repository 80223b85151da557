import { join } from 'node:path';
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

async function race(worker: WorkerHandle, place: number): Promise<void> {
  const inputs = Array.from({ length: runsOfEach }, (_, index) => `${place}-${index}`);
  await Promise.all(inputs.map((key) => worker.ask('accept', { agent: 'racer', input: 'Go', key })));
}

/** How many runs are how far. A run that waited may go on in any process, so the rows tell. */
async function outcomes(client: Client): Promise<Record<string, number>> {
  const { rows } = await client.query<{ outcome: string; count: number }>(
    `select coalesce(error ->> 'code', status) as outcome, count(*)::integer as count from batuta.runs group by 1`,
  );
  return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]));
}

async function unfinished(client: Client): Promise<number> {
  const { queued = 0, running = 0, waiting = 0 } = await outcomes(client);
  return queued + running + waiting;
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
  const watcher = new Client({ connectionString: database.url });
  await watcher.connect();
  const watching = watch(watcher);
  await Promise.all(workers.map(race));
  await expect.poll(() => unfinished(client), { timeout: 150_000, interval: 100 }).toBe(0);
  await watching.stop();
  const { succeeded = 0, 'budget-reached': refused = 0 } = await outcomes(client);
  expect(succeeded + refused).toBe(processes * runsOfEach);
  // Used to its end: what is left does not pay for another call.
  expect(succeeded * 7).toBeGreaterThan(limitMicros - 10);
  expect(watching.seen.most).toBeLessThanOrEqual(limitMicros);
  expect(watching.seen.looks).toBeGreaterThan(100);
  const all = { spent: succeeded * 7, reserved: 0 };
  expect(await totals(client)).toEqual(['agent', 'run', 'session'].map((scope) => ({ scope, ...all })));
  await Promise.all([client.end(), watcher.end()]);
});
