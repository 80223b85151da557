import { z } from 'zod';
import { webhookIdSchema } from '../id.ts';

/** Events that a webhook can be told of; the `type` of what it receives. */
export const webhookKinds = [
  'run-succeeded',
  'run-failed',
  'run-cancelled',
  'run-suspended',
  'approval-requested',
  'approval-decided',
  'budget-alerted',
  'budget-reached',
  'audit-anchored',
] as const;
/** Accepts an event that a webhook can be told of. */
export const webhookKindSchema = z.enum(webhookKinds);
/** An event that a webhook can be told of. */
export type WebhookKind = z.infer<typeof webhookKindSchema>;

const urlSchema = z
  .string()
  .max(2048)
  .regex(/^https?:\/\/\S+$/, 'must be an address such as https://example.com/hooks')
  .refine((text) => URL.canParse(text), 'must be a whole address, such as https://example.com/hooks');
const kindsSchema = z
  .array(webhookKindSchema)
  .min(1)
  .max(webhookKinds.length)
  .refine((kinds) => new Set(kinds).size === kinds.length, 'must name each kind once');

/** Body of `POST /v1/webhooks`. */
export const createWebhookSchema = z.strictObject({
  url: urlSchema,
  kinds: kindsSchema,
  description: z.string().max(500).default(''),
  enabled: z.boolean().default(true),
});
/** Body of `POST /v1/webhooks`, with the defaults filled in. */
export type CreateWebhook = z.infer<typeof createWebhookSchema>;
/** Body of `POST /v1/webhooks`, as a client sends it. */
export type CreateWebhookInput = z.input<typeof createWebhookSchema>;

/** Body of `PATCH /v1/webhooks/{id}`: what is absent stays as it is. */
export const changeWebhookSchema = z
  .strictObject({
    url: urlSchema.optional(),
    kinds: kindsSchema.optional(),
    description: z.string().max(500).optional(),
    enabled: z.boolean().optional(),
  })
  .refine((body) => Object.values(body).some((value) => value !== undefined), 'must change something');
/** Body of `PATCH /v1/webhooks/{id}`. */
export type ChangeWebhook = z.infer<typeof changeWebhookSchema>;

/** Body of `POST /v1/webhooks/{id}/rotate`. */
export const rotateWebhookSchema = z.strictObject({
  /** How long the former secret signs as well. */
  overlap_hours: z.number().min(0).max(720).default(24),
});
/** Body of `POST /v1/webhooks/{id}/rotate`, as a client sends it. */
export type RotateWebhook = z.input<typeof rotateWebhookSchema>;

/** A webhook as the API shows it; its secret is shown only when it is made. */
export const webhookSchema = z.strictObject({
  id: webhookIdSchema,
  url: z.string(),
  kinds: z.array(webhookKindSchema),
  description: z.string(),
  enabled: z.boolean(),
  /** `gone`: the receiver answered 410. */
  disabled_reason: z.enum(['gone', 'by-request']).nullable(),
  /** Deliveries in a row that failed. */
  failures: z.int().nonnegative(),
  /** Set while nothing is sent because too many deliveries in a row failed. */
  paused_until: z.iso.datetime().nullable(),
  /** Until when the secret of before the last rotation signs as well. */
  previous_secret_until: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
/** A webhook as the API shows it. */
export type Webhook = z.infer<typeof webhookSchema>;

/** A webhook with its new secret, which is never shown again. */
export const webhookWithSecretSchema = webhookSchema.extend({ secret: z.string() });
/** A webhook with its new secret. */
export type WebhookWithSecret = z.infer<typeof webhookWithSecretSchema>;

/** One page of webhooks, newest first. */
export const webhookPageSchema = z.strictObject({
  items: z.array(webhookSchema),
  next_cursor: z.string().nullable(),
});
/** One page of the list of webhooks. */
export type WebhookPage = z.infer<typeof webhookPageSchema>;

/** How a delivery stands: to be sent (again), received, or given up. */
export const deliveryStatuses = ['pending', 'delivered', 'dead'] as const;
/** Accepts how a delivery stands. */
export const deliveryStatusSchema = z.enum(deliveryStatuses);
/** How a delivery stands. */
export type DeliveryStatus = z.infer<typeof deliveryStatusSchema>;

/** `evt_...`: one message to a webhook, the same in every attempt; what the receiver sees as `webhook-id`. */
export const webhookMessageIdSchema = z
  .string()
  .regex(/^evt_[0-9abcdefghjkmnpqrstvwxyz]{26}_\d{1,10}$/, 'must be a message id such as evt_..._7')
  .meta({ examples: ['evt_06aqn3zk5s7d1v2w8x9y0z1a2b_7'] });

/** One message to one webhook. */
export const deliverySchema = z.strictObject({
  message_id: webhookMessageIdSchema,
  webhook_id: webhookIdSchema,
  type: z.string(),
  status: deliveryStatusSchema,
  attempts: z.int().nonnegative(),
  created_at: z.iso.datetime(),
  /** When it is sent next; null unless it is pending. */
  next_attempt_at: z.iso.datetime().nullable(),
  last_attempt_at: z.iso.datetime().nullable(),
  /** HTTP status of the last attempt; null when there was no answer. */
  last_status: z.int().nullable(),
  last_error: z.string().nullable(),
  delivered_at: z.iso.datetime().nullable(),
});
/** One message to one webhook. */
export type Delivery = z.infer<typeof deliverySchema>;

/** Query of `GET /v1/webhooks/{id}/deliveries`. */
export const listDeliveriesSchema = z.strictObject({
  status: deliveryStatusSchema.optional(),
  cursor: z.string().max(256).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
/** Which deliveries to list, as a client asks. */
export type ListDeliveries = z.input<typeof listDeliveriesSchema>;
/** One page of deliveries, newest first. */
export const deliveryPageSchema = z.strictObject({
  items: z.array(deliverySchema),
  next_cursor: z.string().nullable(),
});
/** One page of the list of deliveries. */
export type DeliveryPage = z.infer<typeof deliveryPageSchema>;

/** Answer of `POST /v1/webhooks/{id}/replay`: how many dead deliveries are sent again. */
export const replayedSchema = z.strictObject({ replayed: z.int().nonnegative() });
/** How many dead deliveries are sent again. */
export type Replayed = z.infer<typeof replayedSchema>;
