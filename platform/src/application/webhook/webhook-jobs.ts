import { deliveryLifetimeMs } from '../../domain/webhook/retry-schedule.ts';
import { isFailing } from '../../domain/webhook/circuit.ts';
import type { Job, JobOptions, JobQueue } from '../../port/job-queue.ts';
import { deliverWebhook, type NextJob } from './deliver-webhook.ts';
import type { WebhookContext, WebhookTarget } from './webhook-context.ts';

const deliver = 'deliver-webhook';
/** Webhooks that fail have a queue of their own, so that they never take the places of those that work. */
const probe = 'probe-webhook';
const sweep = 'sweep-webhooks';

/** A job may take its minute, an attempt that began at its end, and a slow database. */
const timeoutSeconds = 150;
const common = { timeoutSeconds, retries: 3, retrySeconds: 5, policy: 'one-per-key' } as const;
const options: Readonly<Record<string, JobOptions>> = {
  [deliver]: { ...common, concurrency: 4 },
  [probe]: { ...common, concurrency: 2 },
  [sweep]: { ...common, concurrency: 1, retries: 0 },
};

/** Webhooks that one sweep looks after; the next one goes on. */
const sweepLimit = 1000;
const day = 24 * 60 * 60 * 1000;

/** How long deliveries can be looked at and replayed after their end. */
const deliveredKeptMs = 7 * day;
const deadKeptMs = 30 * day;

/** Declares the jobs of webhooks. */
export function defineWebhookJobs(context: WebhookContext, jobs: JobQueue): void {
  const work = async (job: Job) => {
    const target = targetOf(job);
    const next = await deliverWebhook(context, target, job.signal);
    if (next) await enqueueDelivery(jobs, target, next);
  };
  jobs.define(deliver, options[deliver] ?? { ...common, concurrency: 1 }, work);
  jobs.define(probe, options[probe] ?? { ...common, concurrency: 1 }, work);
  jobs.define(sweep, options[sweep] ?? { ...common, concurrency: 1 }, async () =>
    sweepWebhooks(context, jobs),
  );
  jobs.every(sweep, '* * * * *');
}

/** Sees to it that a webhook has a job. */
export async function enqueueDelivery(
  jobs: JobQueue,
  { tenantId, id }: WebhookTarget,
  { at, failing }: Partial<NextJob> = {},
): Promise<void> {
  const due = at === undefined ? {} : { runAt: at };
  await jobs.enqueue(failing ? probe : deliver, { webhook_id: id }, { tenantId, singletonKey: id, ...due });
}

/** Finds what is due and has no job, whatever the reason; gives up what has expired, and removes what is old. */
export async function sweepWebhooks({ webhooks, clock }: WebhookContext, jobs: JobQueue): Promise<void> {
  const now = clock.now();
  for (const { tenantId, webhookId, failures } of await webhooks.findDue(now, sweepLimit)) {
    await enqueueDelivery(jobs, { tenantId, id: webhookId }, { failing: isFailing(failures) });
  }
  await webhooks.tidy({
    now,
    deliveredBefore: now - deliveredKeptMs,
    deadBefore: now - deadKeptMs - deliveryLifetimeMs,
    limit: sweepLimit,
  });
}

function targetOf({ tenantId, data }: Job): WebhookTarget {
  const { webhook_id: id } = data;
  return { tenantId: tenantId ?? '', id: typeof id === 'string' ? id : '' };
}
