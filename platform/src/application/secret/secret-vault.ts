import { BatutaError, type KeyRotation, type SecretInfo, type SecretPage } from '@batuta/contract';
import { KeyRing, readSecretKey } from '../../domain/secret/key-ring.ts';
import type { AuditStore } from '../../port/audit-log.ts';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import type {
  KeyUse,
  SealedSecret,
  SecretKeySource,
  SecretReader,
  SecretSealer,
  SecretsIn,
  SecretRecord,
  SecretStore,
} from '../../port/secret-store.ts';
import type { Identity } from '../access/identity.ts';
import type { PageRequest } from '../application.ts';
import { auditEntry } from '../audit/audit-entry.ts';
import { pageOf, readPageCursor } from '../page.ts';
import type { Redactor } from '../redaction/redactor.ts';

/** What the vault is made of. */
export interface VaultParts {
  secrets: SecretStore;
  keys: SecretKeySource;
  audits: AuditStore;
  redactor: Redactor;
  clock: Clock;
  log: Log;
  randomBytes: (count: number) => Uint8Array;
}

const whole: SecretsIn = (value) => [value];

/** How long it takes until this process knows to take out a secret that another process has set. */
const knownForMs = 60_000;
/** Secrets of a tenant whose values are known to the redactor before they are used. */
const mostKnown = 1_000;
const batchSize = 100;

/**
 * Secrets of tenants: written, listed, deleted; their values are given only to who uses them (`value`), never back through a door.
 *
 * A rotation: (1) a new key is stored before the old ones, so that from now on both decrypt and the new one encrypts; (2) all secrets are
 * encrypted anew, in batches; (3) when no secret needs them any more the old keys are removed. It can be interrupted anywhere:
 * started again it goes on with (2).
 */
export class SecretVault implements SecretReader, SecretSealer {
  readonly #parts: VaultParts;
  #ring = new KeyRing([]);
  #rotating: Promise<KeyRotation> | undefined;
  /** Tenants that have secrets, and until when that is taken for granted. */
  #tenants: ReadonlySet<string> = new Set();
  #tenantsUntil = 0;
  readonly #knownUntil = new Map<string, number>();

  constructor(parts: VaultParts) {
    this.#parts = parts;
  }

  /** Loads the keys. Errors: `secret-key-unusable`, `secret-key-missing` when there are secrets that they do not decrypt. */
  async open(): Promise<void> {
    await this.#load();
    const uses = await this.#readUses();
    const missing = uses.find(({ keyId }) => !this.#ring.has(keyId));
    if (missing)
      throw this.#missing(missing.keyId, sumOf(uses.filter(({ keyId }) => keyId === missing.keyId)));
    if (uses.some(({ keyId }) => keyId !== this.#ring.currentId)) {
      this.#parts.log.warn('secrets are encrypted with an older key; go on with: batuta secrets rotate-key');
    }
  }

  /** Errors: `secret-key-not-configured`. */
  async set(identity: Identity, name: string, value: string): Promise<SecretInfo> {
    const { tenantId } = identity;
    const sealed = await this.seal({ tenantId, name }, value);
    const audit = auditEntry(identity, {
      action: 'secret-set',
      target: name,
      after: { key_id: sealed.keyId },
    });
    const record = await this.#parts.secrets.put(tenantId, { ...sealed, updatedBy: identity.name }, audit);
    return renderSecret(record);
  }

  async seal(
    { tenantId, name }: { tenantId: string; name: string },
    value: string,
    secretsIn: SecretsIn = whole,
  ): Promise<SealedSecret> {
    if (this.#ring.currentId === undefined) await this.#makeFirstKey();
    for (const secret of secretsIn(value)) this.#parts.redactor.knowTenantValue(tenantId, secret, name);
    this.#tenants = new Set([...this.#tenants, tenantId]);
    return this.#ring.seal({ tenantId, name }, value, this.#parts.randomBytes);
  }

  async unseal(tenantId: string, sealed: SealedSecret, secretsIn: SecretsIn = whole): Promise<string> {
    const value = await this.#open(tenantId, sealed);
    for (const secret of secretsIn(value))
      this.#parts.redactor.knowTenantValue(tenantId, secret, sealed.name);
    return value;
  }

  /** By name. Errors: `cursor-invalid`. */
  async list(identity: Identity, { cursor, limit }: PageRequest): Promise<SecretPage> {
    const after = readPageCursor(cursor)?.slice(1);
    const page = { ...(after === undefined ? {} : { after }), limit: limit + 1 };
    const records = await this.#parts.secrets.list(identity.tenantId, page);
    // A letter before the name: it may begin with a digit, which cursors do not.
    return pageOf(records, limit, { render: renderSecret, key: ({ name }) => `n${name}` });
  }

  /** Errors: `secret-unknown`. */
  async delete(identity: Identity, name: string): Promise<void> {
    const audit = auditEntry(identity, { action: 'secret-deleted', target: name });
    if (await this.#parts.secrets.delete(identity.tenantId, name, audit)) return;
    throw new BatutaError('secret-unknown', { name });
  }

  async value(tenantId: string, name: string): Promise<string> {
    const sealed = await this.#parts.secrets.get(tenantId, name);
    if (!sealed) throw new BatutaError('secret-unknown', { name });
    return this.unseal(tenantId, sealed);
  }

  /**
   * Sees to it that the redactor knows the tenant's secrets, also those that this process has not used. Undefined when it knows them:
   * nothing to wait for. What cannot be decrypted is passed over.
   */
  know(tenantId: string): Promise<void> | undefined {
    const now = this.#parts.clock.now();
    if (this.#tenantsUntil <= now) {
      this.#tenantsUntil = now + knownForMs;
      // For the next time: nobody waits for it.
      this.#readUses().catch((error: unknown) => this.#tellUnread(error));
    }
    if (!this.#tenants.has(tenantId)) return undefined;
    if ((this.#knownUntil.get(tenantId) ?? 0) > now) return undefined;
    this.#knownUntil.set(tenantId, now + knownForMs);
    return this.#learn(tenantId).catch((error: unknown) => {
      this.#knownUntil.delete(tenantId);
      this.#tellUnread(error);
    });
  }

  /** Encrypts all secrets of all tenants with a new key. Errors: `secret-key-not-configured`, `secret-unreadable`. */
  async rotateKey(identity: Identity): Promise<KeyRotation> {
    this.#rotating ??= this.#rotate().finally(() => (this.#rotating = undefined));
    const rotation = await this.#rotating;
    const { key_id: target, ...after } = rotation;
    const entry = auditEntry(identity, { action: 'secret-key-rotated', target, after });
    await this.#parts.audits.append(identity.tenantId, [entry]);
    return rotation;
  }

  async #readUses(): Promise<KeyUse[]> {
    const uses = await this.#parts.secrets.keysInUse();
    this.#tenants = new Set(uses.map(({ tenantId }) => tenantId));
    this.#tenantsUntil = this.#parts.clock.now() + knownForMs;
    return uses;
  }

  #tellUnread(error: unknown): void {
    this.#parts.log.error('secrets could not be read for redaction', { error });
  }

  async #learn(tenantId: string): Promise<void> {
    const { secrets, redactor } = this.#parts;
    for (const sealed of await secrets.sealed(tenantId, mostKnown)) {
      const value = this.#ring.open(tenantId, sealed);
      if (value !== undefined) redactor.knowTenantValue(tenantId, value, sealed.name);
    }
  }

  async #load(): Promise<void> {
    const texts = await this.#parts.keys.load();
    for (const text of texts) this.#parts.redactor.knowPlatformValue(text, 'secrets.key');
    this.#ring = new KeyRing(texts.flatMap((text) => readSecretKey(text) ?? []));
  }

  async #makeFirstKey(): Promise<void> {
    await this.#load();
    if (this.#ring.currentId !== undefined) return;
    if (this.#parts.keys.store === null) throw new BatutaError('secret-key-not-configured', {});
    await this.#addKey();
  }

  async #addKey(): Promise<void> {
    const key = Buffer.from(this.#parts.randomBytes(32)).toString('base64');
    await this.#parts.keys.store?.([key, ...(await this.#parts.keys.load())]);
    await this.#load();
  }

  /** Keys may have been changed since the start: they are looked up once more before a secret is given up. */
  async #open(tenantId: string, sealed: SealedSecret): Promise<string> {
    if (!this.#ring.has(sealed.keyId)) await this.#load();
    if (!this.#ring.has(sealed.keyId)) throw this.#missing(sealed.keyId, 1);
    const value = this.#ring.open(tenantId, sealed);
    if (value === undefined) throw new BatutaError('secret-unreadable', { name: sealed.name });
    return value;
  }

  #missing(keyId: string, count: number): BatutaError<'secret-key-missing'> {
    const known = this.#ring.ids.join(', ') || 'none';
    return new BatutaError('secret-key-missing', { count, key_id: keyId, known, how: this.#parts.keys.how });
  }

  async #rotate(): Promise<KeyRotation> {
    const { keys } = this.#parts;
    await this.#load();
    const isUnfinished = (await this.#othersInUse()).length > 0;
    const made = !isUnfinished && keys.store !== null;
    if (made) await this.#addKey();
    const { currentId } = this.#ring;
    if (currentId === undefined) throw new BatutaError('secret-key-not-configured', {});
    let secrets = 0;
    for (let others = await this.#othersInUse(); others.length > 0; others = await this.#othersInUse()) {
      for (const tenantId of others) secrets += await this.#resealTenant(tenantId, currentId);
    }
    const unused = this.#ring.ids.filter((id) => id !== currentId);
    if (keys.store !== null) await this.#dropOtherKeys();
    return { key_id: currentId, made, secrets, unused_key_ids: unused };
  }

  async #othersInUse(): Promise<string[]> {
    const uses = await this.#parts.secrets.keysInUse();
    const others = uses.filter(({ keyId }) => keyId !== this.#ring.currentId);
    return [...new Set(others.map(({ tenantId }) => tenantId))];
  }

  async #resealTenant(tenantId: string, keyId: string): Promise<number> {
    let count = 0;
    for (;;) {
      const batch = await this.#parts.secrets.sealedWithOthers(tenantId, keyId, batchSize);
      if (batch.length === 0) return count;
      const pairs: { from: SealedSecret; to: SealedSecret }[] = [];
      for (const from of batch) {
        const value = await this.#open(tenantId, from);
        const to = this.#ring.seal({ tenantId, name: from.name }, value, this.#parts.randomBytes);
        pairs.push({ from, to });
      }
      await this.#parts.secrets.reseal(tenantId, pairs);
      count += batch.length;
    }
  }

  async #dropOtherKeys(): Promise<void> {
    const [current] = await this.#parts.keys.load();
    if (current !== undefined) await this.#parts.keys.store?.([current]);
    await this.#load();
  }
}

function sumOf(uses: readonly { count: number }[]): number {
  return uses.reduce((sum, { count }) => sum + count, 0);
}

function renderSecret({ name, createdAt, updatedAt, updatedBy }: SecretRecord): SecretInfo {
  return {
    name,
    created_at: new Date(createdAt).toISOString(),
    updated_at: new Date(updatedAt).toISOString(),
    updated_by: updatedBy,
  };
}
