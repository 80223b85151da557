import { BatutaError } from '@batuta/contract';
import type { AuditEntry } from '../../port/audit-log.ts';
import type {
  AttemptRecord,
  DeliveryRecord,
  DueWebhook,
  NewWebhook,
  WebhookChange,
  WebhookRecord,
  WebhookStore,
} from '../../port/webhook-store.ts';
import { appendAudit } from './statement/append-audit.ts';
import {
  addWebhook,
  changeWebhook,
  deleteWebhook,
  listWebhooks,
  lockWebhook,
  readWebhook,
  rotateSecret,
} from './statement/webhook.ts';
import {
  addTestDelivery,
  claimDeliveries,
  expireDeliveries,
  findDueWebhooks,
  listDeliveries,
  readDelivery,
  readNextDue,
  removeOldDeliveries,
  replayDeliveries,
  settleDelivery,
} from './statement/webhook-delivery.ts';
import { storableText } from './storable-text.ts';
import type { Transactor } from './transactor.ts';
import { toDeliveryRecord, toWebhookRecord } from './webhook-row.ts';

type Target = Parameters<WebhookStore['change']>[0];

/** Webhooks and their outbox in a PostgreSQL database, embedded or not. */
export class SqlWebhookStore implements WebhookStore {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async add(webhook: NewWebhook, options: { limit: number; audit: AuditEntry }): Promise<WebhookRecord> {
    const { id, tenantId, url, kinds, enabled, disabledReason, secret } = webhook;
    const description = storableText(webhook.description);
    const { limit, audit } = options;
    const row = await this.#transactor.transaction({ tenant: tenantId }, async (execute) => {
      const [added] = await execute(
        addWebhook(
          id,
          tenantId,
          storableText(url),
          kinds,
          description,
          enabled,
          disabledReason,
          secret.keyId,
          secret.nonce,
          secret.ciphertext,
          limit,
        ),
      );
      if (!added) throw new BatutaError('webhook-limit-reached', { limit });
      await execute(appendAudit(audit));
      return added;
    });
    return toWebhookRecord(row);
  }

  async get(tenantId: string, id: string): Promise<WebhookRecord | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readWebhook(id));
    return row && toWebhookRecord(row);
  }

  async list(tenantId: string, page: { before?: string; limit: number }): Promise<WebhookRecord[]> {
    const query = listWebhooks(tenantId, page.before ?? null, page.limit);
    return (await this.#transactor.read({ tenant: tenantId }, query)).map(toWebhookRecord);
  }

  async change(
    { tenantId, id }: Target,
    change: WebhookChange,
    audit?: AuditEntry,
  ): Promise<WebhookRecord | undefined> {
    return await this.#transactor.transaction({ tenant: tenantId }, async (execute) => {
      const [present] = await execute(lockWebhook(id));
      if (!present) return undefined;
      const { rotation, ...columns } = change;
      const [changed] = await execute(
        rotation ? rotateQuery(id, rotation) : changeQuery({ ...toWebhookRecord(present), ...columns }),
      );
      if (audit) await execute(appendAudit(audit));
      return toWebhookRecord(changed ?? present);
    });
  }

  async delete({ tenantId, id }: Target, audit: AuditEntry): Promise<boolean> {
    return await this.#transactor.transaction({ tenant: tenantId }, async (execute) => {
      const [gone] = await execute(deleteWebhook(id));
      if (gone) await execute(appendAudit(audit));
      return gone !== undefined;
    });
  }

  async addTest(
    { tenantId, id }: Target,
    message: Parameters<WebhookStore['addTest']>[1],
  ): Promise<DeliveryRecord> {
    const { messageId, kind, data, claimedUntil } = message;
    const until = new Date(claimedUntil);
    const query = addTestDelivery(id, messageId, tenantId, kind, JSON.stringify(data), until);
    const [[row]] = await this.#transactor.run({ tenant: tenantId }, [query]);
    if (!row) throw new BatutaError('webhook-unknown', { id });
    return toDeliveryRecord(row);
  }

  async claim(
    { tenantId, id }: Target,
    { now, until, limit }: { now: number; until: number; limit: number },
  ): Promise<DeliveryRecord[]> {
    const query = claimDeliveries(id, new Date(now), new Date(until), limit);
    const [rows] = await this.#transactor.run({ tenant: tenantId }, [query]);
    return rows.map(toDeliveryRecord);
  }

  async settle({ tenantId, id }: Target, record: AttemptRecord): Promise<DeliveryRecord | undefined> {
    const { messageId, attempt, status, httpStatus, at, nextAttemptAt } = record;
    const error = record.error === null ? null : storableText(record.error);
    const times = [new Date(at), new Date(nextAttemptAt)] as const;
    const query = settleDelivery(id, messageId, attempt, status, httpStatus, error, ...times);
    const [[row]] = await this.#transactor.run({ tenant: tenantId }, [query]);
    return row && toDeliveryRecord(row);
  }

  async nextDue({ tenantId, id }: Target): Promise<number | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readNextDue(id));
    return row?.at ?? undefined;
  }

  async deliveries(
    { tenantId, id }: Target,
    { status, before, limit }: Parameters<WebhookStore['deliveries']>[1],
  ): Promise<DeliveryRecord[]> {
    const time = before ? new Date(before.createdAt) : null;
    const query = listDeliveries(id, status ?? null, time, before?.messageId ?? null, limit);
    return (await this.#transactor.read({ tenant: tenantId }, query)).map(toDeliveryRecord);
  }

  async delivery({ tenantId, id }: Target, messageId: string): Promise<DeliveryRecord | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readDelivery(id, messageId));
    return row && toDeliveryRecord(row);
  }

  async replay(
    { tenantId, id }: Target,
    { messageId, now, expiresAt, limit }: Parameters<WebhookStore['replay']>[1],
  ): Promise<number> {
    const query = replayDeliveries(id, messageId ?? null, new Date(now), new Date(expiresAt), limit);
    const [rows] = await this.#transactor.run({ tenant: tenantId }, [query]);
    return rows.length;
  }

  async findDue(now: number, limit: number): Promise<DueWebhook[]> {
    const rows = await this.#transactor.read('system', findDueWebhooks(new Date(now), limit));
    return rows.map((row) => ({ tenantId: row.tenant_id, webhookId: row.id, failures: row.failures }));
  }

  async tidy({ now, deliveredBefore, deadBefore, limit }: Parameters<WebhookStore['tidy']>[0]) {
    const [expired, removed] = await this.#transactor.run('system', [
      expireDeliveries(new Date(now), limit),
      removeOldDeliveries(new Date(deliveredBefore), new Date(deadBefore), limit),
    ]);
    return expired.length + removed.length;
  }
}

function changeQuery(webhook: WebhookRecord) {
  const { id, kinds, enabled, disabledReason, failures } = webhook;
  return changeWebhook(
    id,
    storableText(webhook.url),
    kinds,
    storableText(webhook.description),
    enabled,
    disabledReason,
    failures,
    dateOf(webhook.pausedUntil),
  );
}

function rotateQuery(id: string, { secret, previousUntil }: NonNullable<WebhookChange['rotation']>) {
  return rotateSecret(id, secret.keyId, secret.nonce, secret.ciphertext, dateOf(previousUntil));
}

function dateOf(instant: number | null): Date | null {
  return instant === null ? null : new Date(instant);
}
