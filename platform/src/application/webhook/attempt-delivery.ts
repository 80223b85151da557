import { BatutaError } from '@batuta/contract';
import { nextAttempt } from '../../domain/webhook/retry-schedule.ts';
import { signMessage } from '../../domain/webhook/sign-message.ts';
import type { SecretSealer } from '../../port/secret-store.ts';
import type { WebhookAnswer } from '../../port/webhook-sender.ts';
import type { AttemptRecord, DeliveryRecord, WebhookRecord } from '../../port/webhook-store.ts';
import { instant } from '../run/render-run.ts';
import type { WebhookContext } from './webhook-context.ts';

/** The receiver is gone for good, and says so. */
const gone = 410;

/** What came of one attempt. */
export interface AttemptOutcome extends AttemptRecord {
  /** The receiver wants nothing any more. */
  isGone: boolean;
}

/**
 * Sends one delivery once. Whatever the receiver does is an outcome; only an abort of `stopping` rejects: it is then not known whether the
 * message was received, nothing is recorded, and the next attempt carries the same id.
 */
export async function attemptDelivery(
  context: Pick<WebhookContext, 'vault' | 'sender' | 'clock' | 'random' | 'settings'>,
  message: { webhook: WebhookRecord; delivery: DeliveryRecord; isTest?: boolean },
  stopping: AbortSignal,
): Promise<AttemptOutcome> {
  const { webhook, delivery } = message;
  const answer = await send(context, { webhook, delivery, stopping });
  const at = context.clock.now();
  const { attempts: attempt, messageId } = delivery;
  const common = { messageId, attempt, at, httpStatus: answer.status, nextAttemptAt: at, isGone: false };
  if (answer.status !== null && answer.status >= 200 && answer.status < 300)
    return { ...common, status: 'delivered', error: null };
  const error = answer.error ?? `the receiver answered ${answer.status}`;
  if (answer.status === gone) return { ...common, status: 'dead', error, isGone: true };
  const next = message.isTest
    ? null
    : nextAttempt({ ...failed(delivery, answer), at, random: context.random() });
  if (next === null) return { ...common, status: 'dead', error };
  return { ...common, status: 'pending', error, nextAttemptAt: next };
}

interface SendOutcome {
  status: number | null;
  retryAfter: string | null;
  error?: string;
}

function failed({ attempts, expiresAt }: DeliveryRecord, { retryAfter }: SendOutcome) {
  return { attempt: attempts, expiresAt, retryAfter };
}

async function send(
  { vault, sender, clock, settings }: Pick<WebhookContext, 'vault' | 'sender' | 'clock' | 'settings'>,
  {
    webhook,
    delivery,
    stopping,
  }: { webhook: WebhookRecord; delivery: DeliveryRecord; stopping: AbortSignal },
): Promise<SendOutcome> {
  const late = new AbortController();
  const cancel = clock.after(settings.timeoutMs, () => late.abort());
  const signal = AbortSignal.any([stopping, late.signal]);
  const body = bodyOf(delivery);
  const at = clock.now();
  try {
    const secrets = await secretsOf(vault, webhook, at);
    const signed = signMessage({ messageId: delivery.messageId, at, body }, secrets);
    const headers = { 'content-type': 'application/json', ...signed };
    return toOutcome(await sender.send({ url: webhook.url, headers, body, signal }));
  } catch (error) {
    stopping.throwIfAborted();
    const seconds = settings.timeoutMs / 1000;
    if (late.signal.aborted) return unanswered(`there was no answer within ${seconds} s`);
    return unanswered(BatutaError.is(error) ? error.message : 'the request could not be made');
  } finally {
    cancel();
  }
}

function toOutcome({ status, retryAfter }: WebhookAnswer): SendOutcome {
  const isRedirect = status >= 300 && status < 400;
  return {
    status,
    retryAfter,
    ...(isRedirect ? { error: `the receiver answered ${status}, and redirects are not followed` } : {}),
  };
}

function unanswered(error: string): SendOutcome {
  return { status: null, retryAfter: null, error: error.slice(0, 500).replace(/\.$/, '') };
}

/** The same text in every attempt: what is signed must be what is sent. */
function bodyOf({ kind, createdAt, data }: DeliveryRecord): string {
  return JSON.stringify({ type: kind, timestamp: instant(createdAt), data });
}

/** What signs at this time, decrypted for this attempt alone. Errors: `secret-key-missing`, `secret-unreadable`. */
async function secretsOf(vault: SecretSealer, webhook: WebhookRecord, now: number): Promise<string[]> {
  const { tenantId, secret, previousSecret, previousSecretUntil } = webhook;
  const isOverlap = previousSecret !== null && (previousSecretUntil ?? 0) > now;
  const sealed = isOverlap ? [secret, previousSecret] : [secret];
  return Promise.all(sealed.map((each) => vault.unseal(tenantId, each)));
}
