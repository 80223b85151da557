import { expect, it } from 'vitest';
import { defineRetentionJob } from '../../src/application/retention/retention-job.ts';
import type { RetentionContext } from '../../src/application/retention/apply-retention.ts';
import type { JobHandler, JobQueue } from '../../src/port/job-queue.ts';

const silentLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

const notAsked = () => Promise.reject(new TypeError('nobody asks'));
const noAudits: RetentionContext['audits'] = {
  firstSince: notAsked,
  extent: notAsked,
  read: notAsked,
  cut: notAsked,
  list: notAsked,
  append: notAsked,
};

function contextFor(asked: string[]): RetentionContext {
  return {
    retention: {
      tenants: async () => (asked.push('tenants'), []),
      oldSessions: async () => ({ ids: [], last: null }),
      purge: async () => 0,
    },
    sessions: { delete: async () => undefined },
    usage: { rollUp: async () => 0 },
    daysOfTenant: async () => ({}),
    days: { sessionDays: 0, ledgerDays: 0, budgetDays: 0, definitionDays: 0, accessDays: 0, auditDays: 0 },
    audits: noAudits,
    auditArchive: null,
    clock: { now: () => 0 },
    timeZone: 'UTC',
    log: silentLog,
  };
}

it('one process an hour asks for the tenants whose things are old', async () => {
  const handlers = new Map<string, JobHandler>();
  const crons: string[] = [];
  const jobs: Pick<JobQueue, 'define' | 'every'> = {
    define: (name, _, handler) => void handlers.set(name, handler),
    every: (_, cron) => void crons.push(cron),
  };
  const asked: string[] = [];
  defineRetentionJob(contextFor(asked), jobs);
  const signal = new AbortController().signal;
  const job = { id: '1', name: 'apply-retention', tenantId: null, data: {}, attempt: 1, signal };
  await handlers.get('apply-retention')?.(job);
  expect([asked, crons]).toEqual([['tenants'], ['17 * * * *']]);
});
