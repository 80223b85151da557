import { expect, it } from 'vitest';
import { defineRetentionJob } from '../../src/application/retention/retention-job.ts';
import type { RetentionContext } from '../../src/application/retention/apply-retention.ts';
import type { JobHandler, JobQueue } from '../../src/port/job-queue.ts';

it('one process an hour asks for the tenants whose things are old', async () => {
  const handlers = new Map<string, JobHandler>();
  const crons: string[] = [];
  const jobs: Pick<JobQueue, 'define' | 'every'> = {
    define: (name, _, handler) => void handlers.set(name, handler),
    every: (_, cron) => void crons.push(cron),
  };
  let asked = 0;
  const retention = { tenants: async () => ((asked += 1), []) };
  defineRetentionJob({ retention } as never as RetentionContext, jobs as JobQueue);
  const signal = new AbortController().signal;
  const job = { id: '1', name: 'apply-retention', tenantId: null, data: {}, attempt: 1, signal };
  await handlers.get('apply-retention')?.(job);
  expect([asked, crons]).toEqual([1, ['17 * * * *']]);
});
