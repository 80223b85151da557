import type { JobQueue } from '../../port/job-queue.ts';
import { applyRetention, type RetentionContext } from './apply-retention.ts';

const name = 'apply-retention';

/** Declares the job that removes what was kept long enough: every hour, in one process. */
export function defineRetentionJob(
  context: RetentionContext,
  jobs: Pick<JobQueue, 'define' | 'every'>,
): void {
  const options = { concurrency: 1, timeoutSeconds: 1_800, retries: 0, retrySeconds: 60 } as const;
  jobs.define(name, { ...options, policy: 'one-per-key' }, async ({ signal }) => {
    await applyRetention(context, signal);
  });
  jobs.every(name, '17 * * * *');
}
