import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { newDatabase } from '../cluster/new-database.ts';
import { JobProcess } from './job-processes.ts';

let processes: JobProcess[];
beforeEach(() => {
  processes = [];
});
afterEach(() => Promise.all(processes.map((each) => each.kill())));

function start(setup: ConstructorParameters<typeof JobProcess>[0]): JobProcess {
  const started = new JobProcess(setup);
  processes.push(started);
  return started;
}

describe('a process that is killed in the middle of a job', () => {
  test('on PostgreSQL: another process does the job', { timeout: 60_000 }, async () => {
    await using database = await newDatabase(inject('postgresUrl'));
    const place = { database: { url: database.url } };
    const first = start({ ...place, enqueue: ['letter'], hang: true });
    await first.said({ begun: 'letter', attempt: 1 });
    const second = start(place);
    await second.said({ ready: true });
    await first.kill();
    await second.said({ begun: 'letter', attempt: 2 });
    expect(second.lines.filter(({ begun }) => begun === 'letter')).toHaveLength(1);
  });

  test('on PGlite: the next start does the job', { timeout: 60_000 }, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'batuta-jobs-'));
    const place = { database: { directory } };
    try {
      const first = start({ ...place, enqueue: ['letter'], hang: true });
      await first.said({ begun: 'letter', attempt: 1 });
      await first.kill();
      const second = start(place);
      expect(await second.said({ begun: 'letter' })).toMatchObject({ attempt: 2 });
      await second.kill();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

test('processes that start at once on an empty database all work, and know of the regular job once', async () => {
  await using database = await newDatabase(inject('postgresUrl'));
  const jobs = Array.from({ length: 8 }, (_, index) => `job-${index}`);
  const place = { database: { url: database.url } };
  const started = [jobs.slice(0, 4), jobs.slice(4), []].map((enqueue) => start({ ...place, enqueue }));
  await Promise.all(started.map((each) => each.said({ ready: true })));
  const begun = () => started.flatMap(({ lines }) => lines.map((line) => line['begun']));
  await expect.poll(begun, { timeout: 40_000 }).toEqual(expect.arrayContaining(jobs));
  expect(begun().filter((name) => name !== undefined && name !== 'tick')).toHaveLength(jobs.length);
  expect(await regularJobs(database.url)).toEqual([{ name: 'tick', cron: '* * * * *' }]);
}, 60_000);

async function regularJobs(connectionString: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query('select name, cron from batuta_jobs.schedule')).rows;
  } finally {
    await client.end();
  }
}
