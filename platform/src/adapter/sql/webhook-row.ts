import { webhookSecretName } from '@batuta/contract';
import type { SealedSecret } from '../../port/secret-store.ts';
import type { DeliveryRecord, WebhookRecord } from '../../port/webhook-store.ts';
import type { WebhookRow } from './statement/webhook.ts';
import type { DeliveryRow } from './statement/webhook-delivery.ts';

/** A row of `webhooks` as the record of the port. */
export function toWebhookRecord(row: WebhookRow): WebhookRecord {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    url: row.url,
    kinds: row.kinds,
    description: row.description,
    enabled: row.enabled,
    disabledReason: row.disabled_reason,
    secret: secretOf(row),
    previousSecret: previousSecretOf(row),
    previousSecretUntil: row.previous_secret_until,
    failures: row.failures,
    pausedUntil: row.paused_until,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function secretOf(row: WebhookRow): SealedSecret {
  const { secret_key_id: keyId, secret_nonce: nonce, secret_ciphertext: ciphertext } = row;
  return { name: webhookSecretName(row.id), keyId, nonce, ciphertext };
}

function previousSecretOf(row: WebhookRow): SealedSecret | null {
  const { previous_secret_key_id: keyId, previous_secret_nonce: nonce } = row;
  const { previous_secret_ciphertext: ciphertext } = row;
  if (keyId === null || nonce === null || ciphertext === null) return null;
  return { name: webhookSecretName(row.id), keyId, nonce, ciphertext };
}

/** A row of `webhook_deliveries` as the record of the port. */
export function toDeliveryRecord(row: DeliveryRow): DeliveryRecord {
  return {
    webhookId: row.webhook_id,
    messageId: row.message_id,
    tenantId: row.tenant_id,
    kind: row.kind,
    data: row.data,
    status: row.status,
    attempts: row.attempts,
    createdAt: row.created_at,
    nextAttemptAt: row.next_attempt_at,
    expiresAt: row.expires_at,
    lastAttemptAt: row.last_attempt_at,
    lastStatus: row.last_status,
    lastError: row.last_error,
    deliveredAt: row.delivered_at,
  };
}
