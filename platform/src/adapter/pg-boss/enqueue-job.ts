import type { JsonObject } from '@batuta/contract';
import type { PgBoss } from 'pg-boss';
import type { EnqueueOptions } from '../../port/job-queue.ts';
import type { JobEnvelope, JobKind } from './run-job.ts';

/** A job on its way into the queue. */
export interface NewJob {
  name: string;
  kind: JobKind;
  data: JsonObject;
  options: EnqueueOptions;
}

/**
 * Enqueues a job. Where one of the same key waits already, that one becomes due at the earlier of both times. The two steps are no
 * transaction: at worst a job is due later than it should be, which the next regular sweep mends.
 */
export async function enqueueJob(boss: PgBoss, { name, kind, data, options }: NewJob): Promise<void> {
  const { tenantId, runAt, singletonKey: key } = options;
  const envelope: JobEnvelope = { tenant_id: tenantId, data };
  const startAfter = runAt === undefined ? {} : { startAfter: new Date(runAt) };
  const single = key === undefined ? {} : { singletonKey: key, group: { id: key } };
  const id = await boss.send(name, envelope, { ...startAfter, ...single });
  if (id !== null || key === undefined || kind.options.policy === 'any') return;
  const waiting = await boss.findJobs(name, { key, queued: true });
  const due = runAt ?? 0;
  if (waiting.every((job) => job.startAfter.getTime() <= due)) return;
  // Now is the epoch here, so that it is past by the database's clock, too.
  await boss.update(name, undefined, { singletonKey: key, startAfter: new Date(due), match: 'all' });
}
