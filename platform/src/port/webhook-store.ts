import type { DeliveryStatus, JsonObject, WebhookKind } from '@batuta/contract';
import type { AuditEntry } from './audit-log.ts';
import type { SealedSecret } from './secret-store.ts';

/** A fact that webhooks can be told of, stored with the event that it comes from. */
export interface Announcement {
  /** The same in every attempt to every webhook. */
  messageId: string;
  kind: WebhookKind;
  /** Ids, states, numbers: never what was said, asked or answered. */
  data: JsonObject;
}

/** A webhook as stored. */
export interface WebhookRecord {
  id: string;
  tenantId: string;
  url: string;
  kinds: WebhookKind[];
  description: string;
  enabled: boolean;
  disabledReason: 'gone' | 'by-request' | null;
  /** Encrypted for `webhookSecretName(id)`, as all of it that a store sees. */
  secret: SealedSecret;
  previousSecret: SealedSecret | null;
  previousSecretUntil: number | null;
  /** Deliveries in a row that failed. */
  failures: number;
  pausedUntil: number | null;
  createdAt: number;
  updatedAt: number;
}

/** A webhook about to be stored. */
export type NewWebhook = Pick<
  WebhookRecord,
  'id' | 'tenantId' | 'url' | 'kinds' | 'description' | 'enabled' | 'disabledReason' | 'secret'
>;

/** What a change of a webhook sets; what is absent stays as it is. */
export type WebhookChange = Partial<
  Pick<
    WebhookRecord,
    'url' | 'kinds' | 'description' | 'enabled' | 'disabledReason' | 'failures' | 'pausedUntil'
  >
> & {
  /** A new secret; the one that is there at that moment signs as well until `previousUntil`, or is forgotten. */
  rotation?: { secret: SealedSecret; previousUntil: number | null };
};

/** A delivery as stored. */
export interface DeliveryRecord {
  webhookId: string;
  messageId: string;
  tenantId: string;
  /** A kind of webhooks, or `webhook-tested`. */
  kind: string;
  data: JsonObject;
  status: DeliveryStatus;
  attempts: number;
  createdAt: number;
  nextAttemptAt: number;
  expiresAt: number;
  lastAttemptAt: number | null;
  lastStatus: number | null;
  lastError: string | null;
  deliveredAt: number | null;
}

/** What an attempt came to. */
export interface AttemptRecord {
  messageId: string;
  /** Number of the attempt: one that was overtaken by another changes nothing. */
  attempt: number;
  status: DeliveryStatus;
  httpStatus: number | null;
  error: string | null;
  /** When it ended, and when the next one is due. */
  at: number;
  nextAttemptAt: number;
}

/** A webhook with deliveries that are due. */
export interface DueWebhook {
  tenantId: string;
  webhookId: string;
  failures: number;
}

/** Webhooks of a tenant, and the outbox that commits fill. Times are the caller's. */
export interface WebhookStore {
  /** Errors: `webhook-limit-reached` (more than `limit` of the tenant). */
  add(webhook: NewWebhook, options: { limit: number; audit: AuditEntry }): Promise<WebhookRecord>;
  get(tenantId: string, id: string): Promise<WebhookRecord | undefined>;
  /** Newest first; `before` is the id of the last one of the page before. */
  list(tenantId: string, page: { before?: string; limit: number }): Promise<WebhookRecord[]>;
  /** Sets columns, or rotates the secret. The webhook as it is afterwards; undefined when there is none. `audit` is absent for what the platform does by itself. */
  change(
    target: { tenantId: string; id: string },
    change: WebhookChange,
    audit?: AuditEntry,
  ): Promise<WebhookRecord | undefined>;
  /** Deletes a webhook with its deliveries; false when there is none. */
  delete(target: { tenantId: string; id: string }, audit: AuditEntry): Promise<boolean>;
  /** Adds one message for one webhook, with an attempt of it under way until `claimedUntil`. */
  addTest(
    target: { tenantId: string; id: string },
    message: { messageId: string; kind: string; data: JsonObject; claimedUntil: number },
  ): Promise<DeliveryRecord>;
  /** Begins attempts of deliveries that are due, longest due first: nobody else gets them until `until`. */
  claim(
    target: { tenantId: string; id: string },
    options: { now: number; until: number; limit: number },
  ): Promise<DeliveryRecord[]>;
  /** Records what an attempt came to. */
  settle(
    target: { tenantId: string; id: string },
    attempt: AttemptRecord,
  ): Promise<DeliveryRecord | undefined>;
  /** When the next delivery is due; undefined when none is pending. */
  nextDue(target: { tenantId: string; id: string }): Promise<number | undefined>;
  /** Newest first; `before` is the creation time and id of the last one of the page before. */
  deliveries(
    target: { tenantId: string; id: string },
    page: { status?: DeliveryStatus; before?: { createdAt: number; messageId: string }; limit: number },
  ): Promise<DeliveryRecord[]>;
  delivery(target: { tenantId: string; id: string }, messageId: string): Promise<DeliveryRecord | undefined>;
  /** Makes deliveries pending anew: one whatever its state, or the dead ones, oldest first. Gives how many there were. */
  replay(
    target: { tenantId: string; id: string },
    which: { messageId?: string; now: number; expiresAt: number; limit: number },
  ): Promise<number>;
  /** Over all tenants: enabled webhooks with deliveries that are due. */
  findDue(now: number, limit: number): Promise<DueWebhook[]>;
  /** Over all tenants: gives up what has expired, and removes what ended long ago or belongs to no webhook. Bounded; gives how many. */
  tidy(options: { now: number; deliveredBefore: number; deadBefore: number; limit: number }): Promise<number>;
}
