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
  secret: string;
  previous_secret: string | null;
  previous_secret_until: number | null;
  failures: number;
  paused_until: number | null;
  created_at: number;
  updated_at: number;
}

const columns = `id, tenant_id, url, kinds, description, enabled, disabled_reason, secret, previous_secret,
  previous_secret_until, failures, paused_until, created_at, updated_at`;

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
    secret: string,
    limit: number,
  ]
>(
  'add-webhook',
  `insert into webhooks (id, tenant_id, url, kinds, description, enabled, disabled_reason, secret)
   select $1, $2, $3, $4::text[], $5, $6::boolean, $7, $8
   where (select count(*) from webhooks where tenant_id = $2) < $9::integer
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

/** Writes everything of a webhook that can change. */
export const changeWebhook = statement<
  WebhookRow,
  readonly [
    id: string,
    url: string,
    kinds: readonly string[],
    description: string,
    enabled: boolean,
    disabledReason: string | null,
    secret: string,
    previousSecret: string | null,
    previousSecretUntil: Date | null,
    failures: number,
    pausedUntil: Date | null,
  ]
>(
  'change-webhook',
  `update webhooks set url = $2, kinds = $3::text[], description = $4, enabled = $5, disabled_reason = $6, secret = $7,
     previous_secret = $8, previous_secret_until = $9, failures = $10, paused_until = $11, updated_at = now()
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
