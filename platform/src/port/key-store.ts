import type { Role } from '@batuta/contract';
import type { NewKey } from './access-store.ts';
import type { AuditEntry } from './audit-log.ts';

/** An API key as stored: never the key itself. */
export interface KeyRecord {
  id: string;
  tenantId: string;
  /** The first of the keys that were rotated into this one. */
  familyId: string;
  userId: string | null;
  name: string;
  hint: string;
  role: Role;
  scopes: string[];
  createdAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
  lastUsedAt: number | null;
  rotatedFrom: string | null;
  replacedBy: string | null;
}

/** The API keys of a tenant, for those who look after them. Every change is audited in its own transaction. */
export interface KeyStore {
  /** Newest first; `before` is the id of the last one of the page before. With `userId` only that user's. */
  list(tenantId: string, filter: { userId?: string; before?: string; limit: number }): Promise<KeyRecord[]>;
  get(tenantId: string, id: string): Promise<KeyRecord | undefined>;
  add(key: NewKey, audit: AuditEntry): Promise<KeyRecord>;
  /**
   * Puts a new key in the place of one, which works on until `until` unless it expires before. Errors: `key-unknown`,
   * `key-not-active` (revoked, expired or replaced).
   */
  rotate(old: { id: string; until: number }, key: NewKey, audit: AuditEntry): Promise<KeyRecord>;
  /** A key that is revoked already stays as it is. Errors: `key-unknown`, `last-administrator`. */
  revoke(tenantId: string, id: string, audit: AuditEntry): Promise<void>;
}
