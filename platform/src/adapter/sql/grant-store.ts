import type { AuditEntry } from '../../port/audit-log.ts';
import {
  clientSecretName,
  grantSecretName,
  requestSecretName,
  type AuthorizationRequest,
  type GrantOwner,
  type GrantRecord,
  type GrantStore,
  type NewGrant,
} from '../../port/grant-store.ts';
import type { SealedSecret } from '../../port/secret-store.ts';
import { appendAudit } from './statement/append-audit.ts';
import {
  addRequest,
  deleteClient,
  putClient,
  readClient,
  readNewestRequest,
  readRequest,
  removeExpiredRequests,
  takeRequest,
  type AuthorizationRequestRow,
} from './statement/authorization-request.ts';
import {
  addGrant,
  claimRenewal,
  deleteGrant,
  findGrant,
  listGrants,
  readAnyGrant,
  readGrant,
  releaseRenewal,
  replaceGrant,
  storeRenewal,
  type GrantRow,
} from './statement/grant.ts';
import type { Transactor } from './transactor.ts';

type Versioned = Pick<GrantRecord, 'tenantId' | 'id' | 'version'>;

/** Consents of people in a PostgreSQL database, embedded or not. */
export class SqlGrantStore implements GrantStore {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async get({ tenantId, userId }: GrantOwner, service: string): Promise<GrantRecord | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readGrant(service, userId));
    return row && toGrant(row);
  }

  async put(grant: NewGrant, audit: AuditEntry): Promise<GrantRecord> {
    const { id, tenantId, service, userId, scopes, expiresAt } = grant;
    const { keyId, nonce, ciphertext } = grant.sealed;
    const [, added] = await this.#transactor.run({ tenant: tenantId }, [
      replaceGrant(service, userId),
      addGrant(id, tenantId, service, userId, keyId, nonce, ciphertext, scopes, expiresAt),
      appendAudit(audit),
    ]);
    // An insert that did not fail gives its row.
    return toGrant(added[0] as GrantRow);
  }

  async claimRenewal({ tenantId, id, version }: Versioned, forMs: number): Promise<boolean> {
    const [claimed] = await this.#transactor.run({ tenant: tenantId }, [claimRenewal(id, version, forMs)]);
    return claimed.length > 0;
  }

  async renewed(
    { tenantId, id, version }: Versioned,
    { sealed, expiresAt, scopes }: Pick<GrantRecord, 'sealed' | 'expiresAt' | 'scopes'>,
  ): Promise<boolean> {
    const { keyId, nonce, ciphertext } = sealed;
    const query = storeRenewal(id, version, keyId, nonce, ciphertext, scopes, expiresAt);
    const [stored] = await this.#transactor.run({ tenant: tenantId }, [query]);
    return stored.length > 0;
  }

  async releaseRenewal({ tenantId, id, version }: Versioned): Promise<void> {
    await this.#transactor.run({ tenant: tenantId }, [releaseRenewal(id, version)]);
  }

  async list(
    tenantId: string,
    { userId, after = '', limit }: { userId?: string | null; after?: string; limit: number },
  ): Promise<GrantRecord[]> {
    const query = listGrants(userId === undefined, userId ?? null, after, limit);
    return (await this.#transactor.read({ tenant: tenantId }, query)).map(toGrant);
  }

  async any(tenantId: string, service: string): Promise<GrantRecord | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readAnyGrant(service));
    return row && toGrant(row);
  }

  async find(tenantId: string, id: string): Promise<GrantRecord | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, findGrant(id));
    return row && toGrant(row);
  }

  async delete(
    { tenantId, id, version }: { tenantId: string; id: string; version?: number },
    audit: AuditEntry,
  ): Promise<boolean> {
    return await this.#transactor.transaction({ tenant: tenantId }, async (execute) => {
      const [deleted] = await execute(deleteGrant(id, version ?? null));
      if (deleted) await execute(appendAudit(audit));
      return deleted !== undefined;
    });
  }

  async ask({ hash, tenantId, service, userId, sealed, expiresAt }: AuthorizationRequest): Promise<void> {
    const { keyId, nonce, ciphertext } = sealed;
    await this.#transactor.run({ tenant: tenantId }, [
      removeExpiredRequests(),
      addRequest(hash, tenantId, service, userId, keyId, nonce, ciphertext, expiresAt),
    ]);
  }

  async asked(
    { tenantId, userId }: GrantOwner,
    service: string,
    atLeastMs: number,
  ): Promise<AuthorizationRequest | undefined> {
    const query = readNewestRequest(service, userId, atLeastMs);
    const [row] = await this.#transactor.read({ tenant: tenantId }, query);
    return row && toRequest(row);
  }

  async peek(tenantId: string, hash: string): Promise<AuthorizationRequest | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readRequest(hash));
    return row && toRequest(row);
  }

  async take(tenantId: string, hash: string): Promise<AuthorizationRequest | undefined> {
    const [taken] = await this.#transactor.run({ tenant: tenantId }, [takeRequest(hash)]);
    return taken[0] && toRequest(taken[0]);
  }

  async client(tenantId: string, service: string, issuer: string): Promise<SealedSecret | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readClient(service, issuer));
    return row && sealedOf(row, clientSecretName(service, issuer));
  }

  async putClient(
    { tenantId, service, issuer }: { tenantId: string; service: string; issuer: string },
    sealed: SealedSecret | null,
  ): Promise<void> {
    const query = sealed
      ? putClient(tenantId, service, issuer, sealed.keyId, sealed.nonce, sealed.ciphertext)
      : deleteClient(service, issuer);
    await this.#transactor.run({ tenant: tenantId }, [query]);
  }
}

function toGrant(row: GrantRow): GrantRecord {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    service: row.service,
    userId: row.user_id,
    scopes: row.scopes,
    sealed: sealedOf(row, grantSecretName(row.id)),
    version: row.version,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toRequest(row: AuthorizationRequestRow): AuthorizationRequest {
  const { hash, tenant_id: tenantId, service, user_id: userId, expires_at: expiresAt } = row;
  return { hash, tenantId, service, userId, sealed: sealedOf(row, requestSecretName(hash)), expiresAt };
}

function sealedOf(row: Pick<GrantRow, 'key_id' | 'nonce' | 'ciphertext'>, name: string): SealedSecret {
  return { name, keyId: row.key_id, nonce: row.nonce, ciphertext: row.ciphertext };
}
