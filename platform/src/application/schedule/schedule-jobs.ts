import type { Job, JobOptions, JobQueue } from '../../port/job-queue.ts';
import { fireSchedule } from './fire-schedule.ts';
import type { ScheduleContext } from './schedule-context.ts';

const fire = 'fire-schedule';
const sweep = 'sweep-schedules';

const common = { concurrency: 4, timeoutSeconds: 120, retries: 3, retrySeconds: 5 } as const;
const options: JobOptions = { ...common, policy: 'one-per-key' };

/** A sweep gives a job to what is due before the next one surely comes. */
const aheadMs = 90_000;
const sweepLimit = 1000;

/** Declares the jobs of schedules. */
export function defineScheduleJobs(context: ScheduleContext, jobs: JobQueue): void {
  jobs.define(fire, options, async (job) => {
    const target = targetOf(job);
    const next = await fireSchedule(context, target);
    if (next !== null) await enqueueFiring(context, target, next);
  });
  jobs.define(sweep, { ...options, concurrency: 1, retries: 0 }, () => sweepSchedules(context));
  jobs.every(sweep, '* * * * *');
}

/** Sees to it that a schedule has a job when its time comes. What is due later is found by a sweep. */
export async function enqueueFiring(
  { jobs, clock }: Pick<ScheduleContext, 'jobs' | 'clock'>,
  { tenantId, id }: { tenantId: string; id: string },
  dueAt: number | null,
): Promise<void> {
  if (!jobs || dueAt === null || dueAt > clock.now() + aheadMs) return;
  await jobs.enqueue(fire, { schedule_id: id }, { tenantId, singletonKey: id, runAt: dueAt });
}

async function sweepSchedules(context: ScheduleContext): Promise<void> {
  const due = await context.schedules.findDue(context.clock.now() + aheadMs, sweepLimit);
  for (const { tenantId, id, dueAt } of due) await enqueueFiring(context, { tenantId, id }, dueAt);
}

function targetOf({ tenantId, data }: Job): { tenantId: string; id: string } {
  const { schedule_id: id } = data;
  return { tenantId: tenantId ?? '', id: typeof id === 'string' ? id : '' };
}
