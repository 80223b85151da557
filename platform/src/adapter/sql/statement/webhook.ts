import type { WebhookKind } from '@batuta/contract';
import { statement } from '../statement.ts';

/** A row of `webhooks`. */
export interface WebhookRow {
  id: string;
  tenant_id: string;
  url: string;
  kinds: WebhookKind[];
  description: string;
  enabled: boolean;
  disabled_reason: 'gone' | 'by-request' | null;
  secret_key_id: string;
  secret_nonce: Uint8Array;
  secret_ciphertext: Uint8Array;
  previous_secret_key_id: string | null;
  previous_secret_nonce: Uint8Array | null;
  previous_secret_ciphertext: Uint8Array | null;
  previous_secret_until: number | null;
  failures: number;
  paused_until: number | null;
  created_at: number;
  updated_at: number;
}

const columns = `id, tenant_id, url, kinds, description, enabled, disabled_reason, secret_key_id, secret_nonce,
  secret_ciphertext, previous_secret_key_id, previous_secret_nonce, previous_secret_ciphertext, previous_secret_until, failures, paused_until, created_at, updated_at`;

/** Stores a webhook; no row comes back when the tenant has as many as it may have. */
export const addWebhook = statement<
  WebhookRow,
  readonly [
    id: string,
    tenantId: string,
    url: string,
    kinds: readonly string[],
    description: string,
    enabled: boolean,
    disabledReason: string | null,
    secretKeyId: string,
    secretNonce: Uint8Array,
    secretCiphertext: Uint8Array,
    limit: number,
  ]
>(
  'add-webhook',
  `insert into webhooks (id, tenant_id, url, kinds, description, enabled, disabled_reason, secret_key_id,
     secret_nonce, secret_ciphertext)
   select $1, $2, $3, $4::text[], $5, $6::boolean, $7, $8, $9::bytea, $10::bytea
   where (select count(*) from webhooks where tenant_id = $2) < $11::integer
   returning ${columns}`,
);

/** One webhook of the tenant. */
export const readWebhook = statement<WebhookRow, readonly [id: string]>(
  'read-webhook',
  `select ${columns} from webhooks where id = $1`,
);

/** One webhook, kept from being changed by others until the transaction ends. */
export const lockWebhook = statement<WebhookRow, readonly [id: string]>(
  'lock-webhook',
  `select ${columns} from webhooks where id = $1 for update`,
);

/** Webhooks of the tenant, newest first. */
export const listWebhooks = statement<
  WebhookRow,
  readonly [tenantId: string, before: string | null, limit: number]
>(
  'list-webhooks',
  `select ${columns} from webhooks where tenant_id = $1 and ($2::text is null or id < $2)
   order by id desc limit $3`,
);

/** Writes everything of a webhook that can change, besides its secret. */
export const changeWebhook = statement<
  WebhookRow,
  readonly [
    id: string,
    url: string,
    kinds: readonly string[],
    description: string,
    enabled: boolean,
    disabledReason: string | null,
    failures: number,
    pausedUntil: Date | null,
  ]
>(
  'change-webhook',
  `update webhooks set url = $2, kinds = $3::text[], description = $4, enabled = $5, disabled_reason = $6,
     failures = $7, paused_until = $8, updated_at = now()
   where id = $1
   returning ${columns}`,
);

/** Gives a webhook a new secret; the one that is there stays beside it until a time, or goes. */
export const rotateSecret = statement<
  WebhookRow,
  readonly [
    id: string,
    secretKeyId: string,
    secretNonce: Uint8Array,
    secretCiphertext: Uint8Array,
    previousUntil: Date | null,
  ]
>(
  'rotate-webhook-secret',
  `update webhooks set secret_key_id = $2, secret_nonce = $3::bytea, secret_ciphertext = $4::bytea,
     previous_secret_key_id = case when $5::timestamptz is not null then secret_key_id end,
     previous_secret_nonce = case when $5::timestamptz is not null then secret_nonce end,
     previous_secret_ciphertext = case when $5::timestamptz is not null then secret_ciphertext end,
     previous_secret_until = $5::timestamptz, updated_at = now()
   where id = $1
   returning ${columns}`,
);

/** Deletes a webhook with its deliveries. */
export const deleteWebhook = statement<{ id: string }, readonly [id: string]>(
  'delete-webhook',
  `with gone_deliveries as (
     delete from webhook_deliveries where webhook_id = $1
   )
   delete from webhooks where id = $1 returning id`,
);
