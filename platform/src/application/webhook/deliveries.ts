import { BatutaError, type Delivery, type DeliveryStatus, type Replayed } from '@batuta/contract';
import { messageIdOf } from '../../domain/webhook/announce.ts';
import { deliveryLifetimeMs } from '../../domain/webhook/retry-schedule.ts';
import type { DeliveryRecord } from '../../port/webhook-store.ts';
import type { Identity } from '../access/identity.ts';
import type { Page, PageRequest } from '../application.ts';
import { pageOf, readPageCursor } from '../page.ts';
import { instant } from '../run/render-run.ts';
import { attemptDelivery } from './attempt-delivery.ts';
import { renderDelivery } from './render-webhook.ts';
import type { WebhookContext, WebhookTarget } from './webhook-context.ts';
import { findWebhook, wake } from './webhooks.ts';

/** Dead deliveries that one request makes pending. */
const replayLimit = 1000;

/** Deliveries of a webhook, newest first. Errors: `webhook-unknown`, `cursor-invalid`. */
export async function listDeliveries(
  context: WebhookContext,
  identity: Identity,
  { id, filter }: { id: string; filter: PageRequest & { status?: DeliveryStatus | undefined } },
): Promise<Page<Delivery>> {
  const before = readPlace(filter.cursor);
  await findWebhook(context, identity, id);
  const records = await context.webhooks.deliveries(targetOf(identity, id), {
    limit: filter.limit + 1,
    ...(filter.status === undefined ? {} : { status: filter.status }),
    ...(before === undefined ? {} : { before }),
  });
  return pageOf(records, filter.limit, { render: renderDelivery, key: placeOf });
}

/** Sends a delivery again, whatever became of it, with the same id. Errors: `webhook-unknown`, `delivery-unknown`, `delivery-pending`. */
export async function replayDelivery(
  context: WebhookContext,
  identity: Identity,
  { id, messageId }: { id: string; messageId: string },
): Promise<Delivery> {
  const webhook = await findWebhook(context, identity, id);
  const target = targetOf(identity, id);
  const present = await context.webhooks.delivery(target, messageId);
  if (!present) throw new BatutaError('delivery-unknown', { id, message_id: messageId });
  if (present.status === 'pending') {
    const next = instant(present.nextAttemptAt);
    throw new BatutaError('delivery-pending', { message_id: messageId, next_attempt_at: next });
  }
  await context.webhooks.replay(target, { messageId, ...fresh(context), limit: 1 });
  await wake(context, webhook);
  return renderDelivery((await context.webhooks.delivery(target, messageId)) ?? present);
}

/** Sends the dead deliveries of a webhook again, oldest first, at most a thousand. Errors: `webhook-unknown`. */
export async function replayDead(context: WebhookContext, identity: Identity, id: string): Promise<Replayed> {
  const webhook = await findWebhook(context, identity, id);
  const target = targetOf(identity, id);
  const replayed = await context.webhooks.replay(target, { ...fresh(context), limit: replayLimit });
  if (replayed > 0) await wake(context, webhook);
  return { replayed };
}

/** Sends one message now, once, also to a disabled webhook, and tells what came of it. Errors: `webhook-unknown`. */
export async function testWebhook(
  context: WebhookContext,
  identity: Identity,
  id: string,
): Promise<Delivery> {
  const { webhooks, ids, clock, settings } = context;
  const webhook = await findWebhook(context, identity, id);
  const messageId = messageIdOf(ids.create('webhook'), 0);
  const claimedUntil = clock.now() + settings.timeoutMs + 60_000;
  const message = { messageId, kind: 'webhook-tested', data: { webhook_id: id }, claimedUntil };
  const delivery = await webhooks.addTest(targetOf(identity, id), message);
  const never = new AbortController().signal;
  const outcome = await attemptDelivery(context, { webhook, delivery, isTest: true }, never);
  return renderDelivery((await webhooks.settle(targetOf(identity, id), outcome)) ?? delivery);
}

function targetOf({ tenantId }: Identity, id: string): WebhookTarget {
  return { tenantId, id };
}

function fresh({ clock }: WebhookContext): { now: number; expiresAt: number } {
  const now = clock.now();
  return { now, expiresAt: now + deliveryLifetimeMs };
}

/** Deliveries have no order of their own: their place is the time and the id. */
function placeOf({ createdAt, messageId }: DeliveryRecord): string {
  return `t${createdAt}-${messageId}`;
}

function readPlace(cursor: string | undefined): { createdAt: number; messageId: string } | undefined {
  const key = readPageCursor(cursor);
  if (key === undefined) return undefined;
  const match = /^t(\d{1,15})-(evt_\w{1,60})$/.exec(key);
  if (!match) throw new BatutaError('cursor-invalid', { cursor: cursor ?? '' });
  return { createdAt: Number(match[1]), messageId: match[2] ?? '' };
}
