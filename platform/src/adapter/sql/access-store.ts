import type { AccessStore, ApiKeyRecord } from '../../port/access-store.ts';
import {
  addKey,
  addLoginToken,
  ensureTenant,
  findKey,
  forgetLoginTokens,
  revokeKey,
  takeLoginToken,
} from './statement/access.ts';
import { storableText } from './storable-text.ts';
import type { Transactor } from './transactor.ts';

/** Tenants, API keys and login tokens in a PostgreSQL database, embedded or not. */
export class SqlAccessStore implements AccessStore {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async ensureTenant(tenantId: string, name: string): Promise<void> {
    await this.#transactor.run({ tenant: tenantId }, [ensureTenant(tenantId, storableText(name))]);
  }

  async addKey(key: Parameters<AccessStore['addKey']>[0]): Promise<void> {
    const { id, tenantId, hash, role, scopes } = key;
    const query = addKey(id, tenantId, storableText(key.name), hash, role, scopes, toDate(key.expiresAt));
    await this.#transactor.run({ tenant: tenantId }, [query]);
  }

  async findKey(hash: string): Promise<ApiKeyRecord | undefined> {
    const [row] = await this.#transactor.read('system', findKey(hash));
    if (!row) return undefined;
    return {
      id: row.id,
      tenantId: row.tenant_id,
      name: row.name,
      role: row.role,
      scopes: row.scopes,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      revokedAt: row.revoked_at,
    };
  }

  async revokeKey(tenantId: string, id: string): Promise<void> {
    await this.#transactor.run({ tenant: tenantId }, [revokeKey(id)]);
  }

  async addLoginToken(token: { hash: string; tenantId: string; expiresAt: number }): Promise<void> {
    const { hash, tenantId, expiresAt } = token;
    const query = addLoginToken(hash, tenantId, new Date(expiresAt));
    await this.#transactor.run({ tenant: tenantId }, [forgetLoginTokens(), query]);
  }

  async takeLoginToken(hash: string): Promise<{ tenantId: string } | undefined> {
    const [[row]] = await this.#transactor.run('system', [takeLoginToken(hash)]);
    return row?.is_valid ? { tenantId: row.tenant_id } : undefined;
  }
}

function toDate(instant: number | null): Date | null {
  return instant === null ? null : new Date(instant);
}
