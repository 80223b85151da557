import type { Role } from '@batuta/contract';

/** An API key as stored: never the key itself, only its SHA-256. */
export interface ApiKeyRecord {
  id: string;
  tenantId: string;
  name: string;
  role: Role;
  /** Scopes, or `*` for everything that the role may do. */
  scopes: string[];
  createdAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
}

/** Who may enter. Look-ups by hash happen before a tenant is known. */
export interface AccessStore {
  ensureTenant(tenantId: string, name: string): Promise<void>;
  /** `hash`: SHA-256 of the key, hexadecimal. A key that is there already, even a revoked one, stays as it is. */
  addKey(key: {
    id: string;
    tenantId: string;
    name: string;
    hash: string;
    role: Role;
    scopes: readonly string[];
    expiresAt: number | null;
  }): Promise<void>;
  /** The key with this hash unless it is revoked or expired. */
  findKey(hash: string): Promise<ApiKeyRecord | undefined>;
  revokeKey(tenantId: string, id: string): Promise<void>;
  /** Stores a one-time login token (its SHA-256) that can be exchanged until `expiresAt`. */
  addLoginToken(token: { hash: string; tenantId: string; expiresAt: number }): Promise<void>;
  /** Uses a login token up: its tenant the first time, undefined ever after or when it has expired. */
  takeLoginToken(hash: string): Promise<{ tenantId: string } | undefined>;
}
