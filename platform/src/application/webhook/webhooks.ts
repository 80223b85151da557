import {
  BatutaError,
  webhookSecretName,
  type ChangeWebhook,
  type CreateWebhook,
  type Webhook,
  type WebhookWithSecret,
} from '@batuta/contract';
import { makeWebhookSecret } from '../../domain/webhook/sign-message.ts';
import type { WebhookChange, WebhookRecord } from '../../port/webhook-store.ts';
import type { Identity } from '../access/identity.ts';
import type { Page, PageRequest } from '../application.ts';
import { auditEntry } from '../audit/audit-entry.ts';
import { pageOf, readPageCursor } from '../page.ts';
import { renderWebhook } from './render-webhook.ts';
import type { WebhookContext } from './webhook-context.ts';
import { enqueueDelivery } from './webhook-jobs.ts';

/** Webhooks that a tenant may have. */
const webhookLimit = 50;

/** Adds a webhook. Its secret is known only now. Errors: `request-invalid`, `webhook-limit-reached`, `secret-key-not-configured`. */
export async function createWebhook(
  context: WebhookContext,
  identity: Identity,
  body: CreateWebhook,
): Promise<WebhookWithSecret> {
  checkUrl(context, body.url);
  const id = context.ids.create('webhook');
  const { tenantId } = identity;
  const { secret, sealed } = await makeSecret(context, tenantId, id);
  const { url, kinds, enabled } = body;
  const disabledReason = enabled ? null : ('by-request' as const);
  const audit = auditEntry(identity, { action: 'webhook-added', target: id, after: { url, kinds, enabled } });
  const stored = await context.webhooks.add(
    { id, tenantId, ...body, disabledReason, secret: sealed },
    { limit: webhookLimit, audit },
  );
  return { ...renderWebhook(stored), secret };
}

/** One webhook. Errors: `webhook-unknown`. */
export async function getWebhook(context: WebhookContext, identity: Identity, id: string): Promise<Webhook> {
  return renderWebhook(await findWebhook(context, identity, id));
}

/** Webhooks of the tenant, newest first. Errors: `cursor-invalid`. */
export async function listWebhooks(
  context: WebhookContext,
  { tenantId }: Identity,
  page: PageRequest,
): Promise<Page<Webhook>> {
  const before = readPageCursor(page.cursor);
  const records = await context.webhooks.list(tenantId, {
    limit: page.limit + 1,
    ...(before === undefined ? {} : { before }),
  });
  return pageOf(records, page.limit, { render: renderWebhook, key: (record) => record.id });
}

/**
 * Changes a webhook. Whoever enables it or gives it another address takes it for mended: what waits is sent at once. Errors:
 * `webhook-unknown`, `request-invalid`.
 */
export async function changeWebhook(
  context: WebhookContext,
  identity: Identity,
  { id, body }: { id: string; body: ChangeWebhook },
): Promise<Webhook> {
  if (body.url !== undefined) checkUrl(context, body.url);
  const present = await findWebhook(context, identity, id);
  const isMended = body.enabled === true || body.url !== undefined;
  const change: WebhookChange = {
    ...definedOf(body),
    ...(body.enabled === undefined ? {} : { disabledReason: body.enabled ? null : 'by-request' }),
    ...(isMended ? { failures: 0, pausedUntil: null } : {}),
  };
  const before = pick(present, body);
  const audit = auditEntry(identity, {
    action: 'webhook-changed',
    target: id,
    before,
    after: definedOf(body),
  });
  const changed = await context.webhooks.change({ tenantId: identity.tenantId, id }, change, audit);
  if (!changed) throw new BatutaError('webhook-unknown', { id });
  if (isMended && changed.enabled) await wake(context, changed);
  return renderWebhook(changed);
}

/** Deletes a webhook with its deliveries. Errors: `webhook-unknown`. */
export async function deleteWebhook(context: WebhookContext, identity: Identity, id: string): Promise<void> {
  const { tenantId } = identity;
  const { url, kinds } = await findWebhook(context, identity, id);
  const audit = auditEntry(identity, { action: 'webhook-deleted', target: id, before: { url, kinds } });
  if (!(await context.webhooks.delete({ tenantId, id }, audit)))
    throw new BatutaError('webhook-unknown', { id });
}

/** Gives a webhook a new secret; the former one signs as well for a while. Errors: `webhook-unknown`, `secret-key-not-configured`. */
export async function rotateWebhook(
  context: WebhookContext,
  identity: Identity,
  { id, overlapHours }: { id: string; overlapHours: number },
): Promise<WebhookWithSecret> {
  const { tenantId } = await findWebhook(context, identity, id);
  const { secret, sealed } = await makeSecret(context, tenantId, id);
  const previousUntil = overlapHours > 0 ? context.clock.now() + overlapHours * 3_600_000 : null;
  const audit = auditEntry(identity, { action: 'webhook-secret-rotated', target: id });
  const rotation = { secret: sealed, previousUntil };
  const changed = await context.webhooks.change({ tenantId, id }, { rotation }, audit);
  if (!changed) throw new BatutaError('webhook-unknown', { id });
  return { ...renderWebhook(changed), secret };
}

async function makeSecret({ vault, randomBytes }: WebhookContext, tenantId: string, id: string) {
  const secret = makeWebhookSecret(randomBytes);
  const sealed = await vault.seal({ tenantId, name: webhookSecretName(id) }, secret);
  return { secret, sealed };
}

/** A webhook of the tenant. Errors: `webhook-unknown`. */
export async function findWebhook(
  { webhooks }: Pick<WebhookContext, 'webhooks'>,
  { tenantId }: Identity,
  id: string,
): Promise<WebhookRecord> {
  const record = await webhooks.get(tenantId, id);
  if (!record) throw new BatutaError('webhook-unknown', { id });
  return record;
}

/** Has what waits delivered now. It is in the outbox in any case: a sweep finds it should this not succeed. */
export async function wake({ jobs, log }: WebhookContext, webhook: WebhookRecord): Promise<void> {
  if (!jobs) return;
  await enqueueDelivery(jobs, webhook).catch((error: unknown) => {
    log.warn('a webhook waits for the next sweep', { webhook_id: webhook.id, error });
  });
}

function checkUrl({ sender }: WebhookContext, url: string): void {
  const fault = sender.faultOf(url);
  if (fault === undefined) return;
  const issues = [{ path: 'body.url', message: fault }];
  throw new BatutaError('request-invalid', { summary: `body.url: ${fault}`, issues });
}

function definedOf(body: ChangeWebhook) {
  const { url, kinds, description, enabled } = body;
  return {
    ...(url === undefined ? {} : { url }),
    ...(kinds === undefined ? {} : { kinds }),
    ...(description === undefined ? {} : { description }),
    ...(enabled === undefined ? {} : { enabled }),
  };
}

/** What is there now of what a change names. */
function pick(record: WebhookRecord, body: ChangeWebhook) {
  const { url, kinds, description, enabled } = record;
  const present = { url, kinds, description, enabled };
  return Object.fromEntries(Object.entries(present).filter(([key]) => key in definedOf(body)));
}
