import { isFailing, pausedUntil } from '../../domain/webhook/circuit.ts';
import type { WebhookRecord } from '../../port/webhook-store.ts';
import { attemptDelivery, type AttemptOutcome } from './attempt-delivery.ts';
import type { WebhookContext, WebhookTarget } from './webhook-context.ts';

/** Deliveries to one webhook at the same time. */
const sideBySide = 4;

/** After this time others have their turn; what is left waits for the next job. */
const turnMs = 60_000;

/** How much longer than an attempt its claim lasts: whoever has not recorded it by then has died. */
const claimMarginMs = 15_000;

/** When a webhook's next job is due, and whether it is one that fails. */
export interface NextJob {
  at: number;
  failing: boolean;
}

/**
 * Delivers what is due to one webhook, as long as it answers and for a minute at most. Gives when to go on; null when nothing is left. Only
 * one job at a time does this for one webhook: should it be two for a moment, each delivery is still claimed by one of them.
 */
export async function deliverWebhook(
  context: WebhookContext,
  target: WebhookTarget,
  stopping: AbortSignal,
): Promise<NextJob | null> {
  const { webhooks, clock } = context;
  const deadline = clock.now() + turnMs;
  while (!stopping.aborted) {
    const webhook = await webhooks.get(target.tenantId, target.id);
    if (!webhook?.enabled) return null;
    const now = clock.now();
    const failing = isFailing(webhook.failures);
    if ((webhook.pausedUntil ?? 0) > now) return { at: webhook.pausedUntil ?? now, failing };
    if (now > deadline) return { at: now, failing };
    if (!(await deliverSome(context, webhook, stopping))) {
      const at = await webhooks.nextDue(target);
      return at === undefined ? null : { at, failing };
    }
  }
  return { at: clock.now(), failing: false };
}

/** One round: false when nothing was due. */
async function deliverSome(
  context: WebhookContext,
  webhook: WebhookRecord,
  stopping: AbortSignal,
): Promise<boolean> {
  const { webhooks, clock, settings } = context;
  const now = clock.now();
  const limit = isFailing(webhook.failures) ? 1 : sideBySide;
  const until = now + settings.timeoutMs + claimMarginMs;
  const claimed = await webhooks.claim(webhook, { now, until, limit });
  if (claimed.length === 0) return false;
  const attempts = claimed.map(async (delivery) => {
    const outcome = await attemptDelivery(context, { webhook, delivery }, stopping);
    await webhooks.settle(webhook, outcome);
    return outcome;
  });
  const settled = await Promise.allSettled(attempts);
  await learn(
    context,
    webhook,
    settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])),
  );
  for (const each of settled) if (each.status === 'rejected') throw each.reason;
  return true;
}

/** What the outcomes say about the receiver: gone, failing, or well again. */
async function learn(
  { webhooks, clock, log }: WebhookContext,
  webhook: WebhookRecord,
  outcomes: readonly AttemptOutcome[],
): Promise<void> {
  if (outcomes.some(({ isGone }) => isGone)) {
    await webhooks.change(webhook, { enabled: false, disabledReason: 'gone' });
    log.warn('a webhook was disabled because its receiver is gone', { webhook_id: webhook.id });
    return;
  }
  const succeeded = outcomes.some(({ status }) => status === 'delivered');
  if (succeeded ? webhook.failures === 0 : outcomes.length === 0) return;
  const failures = succeeded ? 0 : webhook.failures + outcomes.length;
  const paused = pausedUntil(failures, clock.now());
  await webhooks.change(webhook, { failures, pausedUntil: paused });
  if (isFailing(failures) && !isFailing(webhook.failures))
    log.warn('a webhook fails and is tried less often', { webhook_id: webhook.id, failures });
}
