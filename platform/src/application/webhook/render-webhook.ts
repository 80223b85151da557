import type { Delivery, Webhook } from '@batuta/contract';
import type { DeliveryRecord, WebhookRecord } from '../../port/webhook-store.ts';
import { instant } from '../run/render-run.ts';

/** A webhook as the API shows it. */
export function renderWebhook(record: WebhookRecord): Webhook {
  return {
    id: record.id,
    url: record.url,
    kinds: record.kinds,
    description: record.description,
    enabled: record.enabled,
    disabled_reason: record.disabledReason,
    failures: record.failures,
    paused_until: instantOrNull(record.pausedUntil),
    previous_secret_until: instantOrNull(record.previousSecretUntil),
    created_at: instant(record.createdAt),
    updated_at: instant(record.updatedAt),
  };
}

/** A delivery as the API shows it. */
export function renderDelivery(record: DeliveryRecord): Delivery {
  return {
    message_id: record.messageId,
    webhook_id: record.webhookId,
    type: record.kind,
    status: record.status,
    attempts: record.attempts,
    created_at: instant(record.createdAt),
    next_attempt_at: record.status === 'pending' ? instant(record.nextAttemptAt) : null,
    last_attempt_at: instantOrNull(record.lastAttemptAt),
    last_status: record.lastStatus,
    last_error: record.lastError,
    delivered_at: instantOrNull(record.deliveredAt),
  };
}

function instantOrNull(milliseconds: number | null): string | null {
  return milliseconds === null ? null : instant(milliseconds);
}
