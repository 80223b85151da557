import { BatutaError } from '@batuta/contract';
import type { NewKey } from '../../port/access-store.ts';
import type { AuditEntry } from '../../port/audit-log.ts';
import type { KeyRecord, KeyStore } from '../../port/key-store.ts';
import { queryBuilder, toQuery } from './build-query.ts';
import { keepAdministrator } from './keep-administrator.ts';
import { addKeyQuery, toKeyRecord, toMadeKey } from './key-row.ts';
import {
  apiKeyColumnNames,
  lockKey,
  readKey,
  replaceKey,
  revokeKey,
  type ApiKeyRow,
} from './statement/api-key.ts';
import { appendAudit } from './statement/append-audit.ts';
import type { Transactor } from './transactor.ts';

/** API keys in a PostgreSQL database, embedded or not. */
export class SqlKeyStore implements KeyStore {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async list(
    tenantId: string,
    filter: { userId?: string; before?: string; limit: number },
  ): Promise<KeyRecord[]> {
    const build = await queryBuilder();
    let query = build.selectFrom('api_keys').select(apiKeyColumnNames).where('tenant_id', '=', tenantId);
    if (filter.userId !== undefined) query = query.where('user_id', '=', filter.userId);
    if (filter.before !== undefined) query = query.where('id', '<', filter.before);
    const page = toQuery(query.orderBy('id', 'desc').limit(filter.limit));
    return (await this.#transactor.read({ tenant: tenantId }, page)).map(toKeyRecord);
  }

  async get(tenantId: string, id: string): Promise<KeyRecord | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readKey(id));
    return row && toKeyRecord(row);
  }

  async add(key: NewKey, audit: AuditEntry): Promise<KeyRecord> {
    const [stored] = await this.#transactor.run({ tenant: key.tenantId }, [
      addKeyQuery(key),
      appendAudit(audit),
    ]);
    return toMadeKey(stored, key.id);
  }

  async rotate(old: { id: string; until: number }, key: NewKey, audit: AuditEntry): Promise<KeyRecord> {
    return await this.#transactor.transaction({ tenant: key.tenantId }, async (execute) => {
      const [present] = await execute(lockKey(old.id));
      if (!present) throw new BatutaError('key-unknown', { id: old.id });
      checkActive(present);
      const origin = { familyId: present.family_id ?? present.id, rotatedFrom: present.id };
      const stored = await execute(addKeyQuery(key, origin));
      await execute(replaceKey(old.id, key.id, new Date(old.until)));
      await execute(appendAudit(audit));
      return toMadeKey(stored, key.id);
    });
  }

  async revoke(tenantId: string, id: string, audit: AuditEntry): Promise<void> {
    await this.#transactor.transaction({ tenant: tenantId }, async (execute) => {
      const [present] = await execute(readKey(id));
      if (!present) throw new BatutaError('key-unknown', { id });
      if (present.revoked_at !== null) return;
      await keepAdministrator(execute, tenantId, () => execute(revokeKey(id)));
      await execute(appendAudit(audit));
    });
  }
}

function checkActive(key: ApiKeyRow & { is_expired: boolean }): void {
  const refuse = (reason: string) => new BatutaError('key-not-active', { id: key.id, reason });
  if (key.revoked_at !== null) throw refuse('was revoked');
  if (key.replaced_by !== null) throw refuse(`was rotated into ${key.replaced_by}`);
  if (key.is_expired) throw refuse('has expired');
}
