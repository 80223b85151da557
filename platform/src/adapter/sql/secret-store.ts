import { webhookSecretName } from '@batuta/contract';
import type { AuditEntry } from '../../port/audit-log.ts';
import { grantSecretName } from '../../port/grant-store.ts';
import { windowKeyName } from '../../port/window-state-store.ts';
import type { KeyUse, SealedSecret, SecretRecord, SecretStore } from '../../port/secret-store.ts';
import { appendAudit } from './statement/append-audit.ts';
import {
  deleteSecret,
  listSecrets,
  putSecret,
  readKeysInUse,
  readSealed,
  readSealedWithOthers,
  readSecret,
  resealClient,
  resealGrant,
  resealSecret,
  resealWebhook,
  resealWindow,
  type SealedRow,
  type SecretRow,
} from './statement/secrets.ts';
import { storableText } from './storable-text.ts';
import type { Transactor } from './transactor.ts';

/** Encrypted secrets in a PostgreSQL database, embedded or not. */
export class SqlSecretStore implements SecretStore {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async put(
    tenantId: string,
    secret: SealedSecret & { updatedBy: string },
    audit: AuditEntry,
  ): Promise<SecretRecord> {
    const { name, keyId, nonce, ciphertext, updatedBy } = secret;
    return await this.#transactor.transaction({ tenant: tenantId }, async (execute) => {
      const [before] = await execute(readSecret(name));
      const [row] = await execute(
        putSecret(tenantId, name, keyId, nonce, ciphertext, storableText(updatedBy)),
      );
      await execute(appendAudit({ ...audit, before: before ? { key_id: before.key_id } : null }));
      // An insert that replaces what is there always gives its row.
      return toSecretRecord(row as SecretRow);
    });
  }

  async get(tenantId: string, name: string): Promise<SealedSecret | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readSecret(name));
    return row && toSealedSecret(row);
  }

  async sealed(tenantId: string, limit: number): Promise<SealedSecret[]> {
    return (await this.#transactor.read({ tenant: tenantId }, readSealed(limit))).map(toSealedSecret);
  }

  async list(tenantId: string, page: { after?: string; limit: number }): Promise<SecretRecord[]> {
    const query = listSecrets(page.after ?? '', page.limit);
    return (await this.#transactor.read({ tenant: tenantId }, query)).map(toSecretRecord);
  }

  async delete(tenantId: string, name: string, audit: AuditEntry): Promise<boolean> {
    return await this.#transactor.transaction({ tenant: tenantId }, async (execute) => {
      const [deleted] = await execute(deleteSecret(name));
      if (deleted) await execute(appendAudit(audit));
      return deleted !== undefined;
    });
  }

  async keysInUse(): Promise<KeyUse[]> {
    const rows = await this.#transactor.read('system', readKeysInUse());
    return rows.map((row) => ({ tenantId: row.tenant_id, keyId: row.key_id, count: row.count }));
  }

  async sealedWithOthers(tenantId: string, keyId: string, limit: number): Promise<SealedSecret[]> {
    const query = readSealedWithOthers(keyId, limit);
    return (await this.#transactor.read({ tenant: tenantId }, query)).map(toSealedSecret);
  }

  async reseal(tenantId: string, pairs: readonly { from: SealedSecret; to: SealedSecret }[]): Promise<void> {
    const queries = pairs.map(({ from, to }) => {
      return resealOf(from.name)(from.name, from.nonce, to.keyId, to.nonce, to.ciphertext);
    });
    await this.#transactor.run({ tenant: tenantId }, queries);
  }
}

/** Names of secrets have no colon. */
function resealOf(name: string): typeof resealSecret {
  if (name.startsWith(webhookSecretName(''))) return resealWebhook;
  if (name.startsWith(grantSecretName(''))) return resealGrant;
  if (name.startsWith(windowKeyName(''))) return resealWindow;
  return name.includes(':') ? resealClient : resealSecret;
}

function toSealedSecret(row: SealedRow): SealedSecret {
  return { name: row.name, keyId: row.key_id, nonce: row.nonce, ciphertext: row.ciphertext };
}

function toSecretRecord(row: SecretRow): SecretRecord {
  return { name: row.name, createdAt: row.created_at, updatedAt: row.updated_at, updatedBy: row.updated_by };
}
