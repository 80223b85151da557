import type { AuditEntry } from './audit-log.ts';

/** A secret as it is stored: encrypted by the key of this id, bound to its tenant and name. */
export interface SealedSecret {
  name: string;
  keyId: string;
  nonce: Uint8Array;
  ciphertext: Uint8Array;
}

/** What lists tell of a secret. */
export interface SecretRecord {
  name: string;
  createdAt: number;
  updatedAt: number;
  updatedBy: string;
}

/** How many values of a tenant are encrypted with a key. */
export interface KeyUse {
  tenantId: string;
  keyId: string;
  count: number;
}

/** Encrypted secrets. A store never sees a value. Changes are recorded in the audit log in their own transaction. */
export interface SecretStore {
  put(
    tenantId: string,
    secret: SealedSecret & { updatedBy: string },
    audit: AuditEntry,
  ): Promise<SecretRecord>;
  get(tenantId: string, name: string): Promise<SealedSecret | undefined>;
  /** What is encrypted for the tenant, also what webhooks sign with: the first ones by name, at most `limit`. */
  sealed(tenantId: string, limit: number): Promise<SealedSecret[]>;
  /** By name; `after` is the last one of the page before. */
  list(tenantId: string, page: { after?: string; limit: number }): Promise<SecretRecord[]>;
  /** False when there was none; nothing is recorded then. */
  delete(tenantId: string, name: string, audit: AuditEntry): Promise<boolean>;
  /** Over all tenants; secrets and what webhooks sign with. */
  keysInUse(): Promise<KeyUse[]>;
  /** What is encrypted for a tenant with another key than this one, also what webhooks sign with; at most `limit`. */
  sealedWithOthers(tenantId: string, keyId: string, limit: number): Promise<SealedSecret[]>;
  /** Puts newly encrypted secrets in the place of what they were made from. One that was changed meanwhile is left as it is. */
  reseal(tenantId: string, pairs: readonly { from: SealedSecret; to: SealedSecret }[]): Promise<void>;
}

/** Where the keys come from that secrets are encrypted with. */
export interface SecretKeySource {
  /** For messages: how somebody puts a key there. */
  readonly how: string;
  /** The keys as texts, the one to encrypt with first; empty when there is none. Errors: `secret-key-unusable`. */
  load(): Promise<string[]>;
  /** Stores keys instead of those that are there, durably and at once. Null where keys are configured by people. */
  readonly store: ((keys: readonly string[]) => Promise<void>) | null;
}

/** Gives a tool or an adapter the value of a secret at the moment when it needs it. */
export interface SecretReader {
  /** Errors: `secret-unknown`, `secret-unreadable`, `secret-key-missing`. */
  value(tenantId: string, name: string): Promise<string>;
}

/** What of a value must not be shown to anybody; of most values all. */
export type SecretsIn = (value: string) => readonly string[];

/** Encrypts values that are kept outside of the store of secrets, beside what they belong to, and decrypts them for their use. */
export interface SecretSealer {
  /** Encrypts a value for a name of the tenant; only there it can be decrypted. Errors: `secret-key-not-configured`. */
  seal(
    place: { tenantId: string; name: string },
    value: string,
    secretsIn?: SecretsIn,
  ): Promise<SealedSecret>;
  /** Errors: `secret-unreadable`, `secret-key-missing`. */
  unseal(tenantId: string, sealed: SealedSecret, secretsIn?: SecretsIn): Promise<string>;
}
