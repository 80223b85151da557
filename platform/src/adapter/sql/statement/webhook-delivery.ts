import type { DeliveryStatus, JsonObject } from '@batuta/contract';
import { statement } from '../statement.ts';

/** A row of `webhook_deliveries`. */
export interface DeliveryRow {
  webhook_id: string;
  message_id: string;
  tenant_id: string;
  kind: string;
  data: JsonObject;
  created_at: number;
  status: DeliveryStatus;
  attempts: number;
  next_attempt_at: number;
  expires_at: number;
  last_attempt_at: number | null;
  last_status: number | null;
  last_error: string | null;
  delivered_at: number | null;
}

const columnNames = [
  'webhook_id',
  'message_id',
  'tenant_id',
  'kind',
  'data',
  'created_at',
  'status',
  'attempts',
  'next_attempt_at',
  'expires_at',
  'last_attempt_at',
  'last_status',
  'last_error',
  'delivered_at',
] as const satisfies (keyof DeliveryRow)[];
const columns = columnNames.map((name) => `delivery.${name}`).join(', ');

/** Fills the outbox: one row for each message and enabled webhook of the tenant that wants it. Gives the webhooks. */
export const addDeliveries = statement<
  { webhook_id: string },
  readonly [tenantId: string, messageIds: readonly string[], kinds: readonly string[], data: string]
>(
  'add-deliveries',
  `
  insert into webhook_deliveries (webhook_id, message_id, tenant_id, kind, data)
  select webhook.id, message.id, webhook.tenant_id, message.kind, message.data
  from webhooks webhook
  join rows from (unnest($2::text[], $3::text[]), json_array_elements($4::json)) as message (id, kind, data)
    on message.kind = any(webhook.kinds)
  where webhook.tenant_id = $1 and webhook.enabled
  on conflict do nothing
  returning webhook_id`,
);

/** Adds one message that is being sent already. */
export const addTestDelivery = statement<
  DeliveryRow,
  readonly [
    webhookId: string,
    messageId: string,
    tenantId: string,
    kind: string,
    data: string,
    claimedUntil: Date,
  ]
>(
  'add-test-delivery',
  `
  insert into webhook_deliveries as delivery (webhook_id, message_id, tenant_id, kind, data, attempts, claimed_until)
  values ($1, $2, $3, $4, $5::json, 1, $6)
  returning ${columns}`,
);

/** Begins attempts of deliveries that are due. Rows that another process takes at this moment are passed over. */
export const claimDeliveries = statement<
  DeliveryRow,
  readonly [webhookId: string, now: Date, until: Date, limit: number]
>(
  'claim-deliveries',
  `
  with due as (
    select message_id from webhook_deliveries
    where webhook_id = $1 and status = 'pending' and next_attempt_at <= $2
      and (claimed_until is null or claimed_until <= $2)
    order by next_attempt_at, message_id limit $4
    for update skip locked
  )
  update webhook_deliveries delivery set claimed_until = $3, attempts = attempts + 1, last_attempt_at = $2
  from due
  where delivery.webhook_id = $1 and delivery.message_id = due.message_id
  returning ${columns}`,
);

/** Records what an attempt came to, unless another attempt has begun since. */
export const settleDelivery = statement<
  DeliveryRow,
  readonly [
    webhookId: string,
    messageId: string,
    attempt: number,
    status: DeliveryStatus,
    httpStatus: number | null,
    error: string | null,
    at: Date,
    nextAttemptAt: Date,
  ]
>(
  'settle-delivery',
  `
  update webhook_deliveries delivery set status = $4, last_status = $5, last_error = $6, last_attempt_at = $7,
    next_attempt_at = $8, claimed_until = null, delivered_at = case when $4 = 'delivered' then $7::timestamptz end
  where webhook_id = $1 and message_id = $2 and attempts = $3 and status = 'pending'
  returning ${columns}`,
);

/** When the next delivery of a webhook can be tried. */
export const readNextDue = statement<{ at: number | null }, readonly [webhookId: string]>(
  'read-next-due',
  `select min(greatest(next_attempt_at, claimed_until)) as at from webhook_deliveries
   where webhook_id = $1 and status = 'pending'`,
);

/** Deliveries of a webhook, newest first. */
export const listDeliveries = statement<
  DeliveryRow,
  readonly [
    webhookId: string,
    status: string | null,
    beforeTime: Date | null,
    beforeId: string | null,
    limit: number,
  ]
>(
  'list-deliveries',
  `select ${columns} from webhook_deliveries delivery
   where webhook_id = $1 and ($2::text is null or status = $2)
     and ($3::timestamptz is null or (created_at, message_id) < ($3::timestamptz, $4::text))
   order by created_at desc, message_id desc limit $5`,
);

/** One delivery. */
export const readDelivery = statement<DeliveryRow, readonly [webhookId: string, messageId: string]>(
  'read-delivery',
  `select ${columns} from webhook_deliveries delivery where webhook_id = $1 and message_id = $2`,
);

/** Makes one delivery, or those that were given up, pending anew. */
export const replayDeliveries = statement<
  { message_id: string },
  readonly [webhookId: string, messageId: string | null, now: Date, expiresAt: Date, limit: number]
>(
  'replay-deliveries',
  `
  with chosen as (
    select message_id from webhook_deliveries
    where webhook_id = $1 and case when $2::text is null then status = 'dead' else message_id = $2 end
    order by created_at, message_id limit $5
  )
  update webhook_deliveries delivery set status = 'pending', attempts = 0, next_attempt_at = $3, expires_at = $4,
    claimed_until = null, delivered_at = null
  from chosen
  where delivery.webhook_id = $1 and delivery.message_id = chosen.message_id
  returning delivery.message_id`,
);

/** Over all tenants: enabled webhooks with deliveries that are due, each once. */
export const findDueWebhooks = statement<
  { tenant_id: string; id: string; failures: number },
  readonly [now: Date, limit: number]
>(
  'find-due-webhooks',
  `
  select webhook.tenant_id, webhook.id, webhook.failures from webhooks webhook
  where webhook.enabled and (webhook.paused_until is null or webhook.paused_until <= $1)
    and exists (
      select 1 from webhook_deliveries delivery
      where delivery.webhook_id = webhook.id and delivery.status = 'pending' and delivery.next_attempt_at <= $1
        and (delivery.claimed_until is null or delivery.claimed_until <= $1)
    )
  order by webhook.id limit $2`,
);

/** Over all tenants: gives up what has expired and nobody is sending. */
export const expireDeliveries = statement<{ message_id: string }, readonly [now: Date, limit: number]>(
  'expire-deliveries',
  `
  with expired as (
    select webhook_id, message_id from webhook_deliveries
    where status = 'pending' and expires_at <= $1 and (claimed_until is null or claimed_until <= $1) limit $2
  )
  update webhook_deliveries delivery set status = 'dead', last_error = 'was not received within three days'
  from expired
  where delivery.webhook_id = expired.webhook_id and delivery.message_id = expired.message_id
    and delivery.status = 'pending'
  returning delivery.message_id`,
);

/** Over all tenants: removes what ended long ago, and what is left of webhooks that were deleted. */
export const removeOldDeliveries = statement<
  { message_id: string },
  readonly [deliveredBefore: Date, deadBefore: Date, limit: number]
>(
  'remove-old-deliveries',
  `
  with old as (
    select webhook_id, message_id from webhook_deliveries
    where status = 'delivered' and created_at < $1
      or status = 'dead' and created_at < $2
      or not exists (select 1 from webhooks where webhooks.id = webhook_deliveries.webhook_id)
    limit $3
  )
  delete from webhook_deliveries delivery using old
  where delivery.webhook_id = old.webhook_id and delivery.message_id = old.message_id
  returning delivery.message_id`,
);
