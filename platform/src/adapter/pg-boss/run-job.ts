import { BatutaError, type JsonObject } from '@batuta/contract';
import type { Job as BossJob } from 'pg-boss';
import type { Job, JobHandler, JobOptions } from '../../port/job-queue.ts';
import type { Log } from '../../port/log.ts';

/** What stands in the data of every job. */
export interface JobEnvelope {
  tenant_id: string | null;
  data: JsonObject;
}

/** A kind of job: how it is worked on, and by whom. */
export interface JobKind {
  options: JobOptions;
  handler: JobHandler;
}

/**
 * Hands a job to its handler. What fails is logged here, with its cause; pg-boss stores only the sentence, because a cause may hold
 * what must not be stored.
 */
export async function runJob(kind: JobKind, boss: BossJob<JobEnvelope>, log: Log): Promise<void> {
  const job = toJob(boss);
  try {
    await untilAborted(kind.handler(job), job.signal);
  } catch (error) {
    const isLast = job.attempt > kind.options.retries;
    const fields = { job: job.name, job_id: job.id, tenant_id: job.tenantId, attempt: job.attempt, error };
    if (isLast) log.error('a job failed for the last time', fields);
    else log.warn('a job failed and is tried again', fields);
    const reason = BatutaError.is(error) ? error.message : 'the log has the cause';
    throw new BatutaError('job-failed', { job: job.name, attempt: job.attempt, reason }, { cause: error });
  }
}

/** A handler that does not heed its signal is left behind: pg-boss has given the job up by then. */
async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new BatutaError('job-given-up', {}, { cause: signal.reason }));
  signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => undefined);
  }
}

function toJob({ id, name, data, retryCount, signal }: BossJob<JobEnvelope>): Job {
  return { id, name, tenantId: data.tenant_id, data: data.data, attempt: retryCount + 1, signal };
}
