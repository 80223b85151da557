import type { AccessEndReason, Role } from '@batuta/contract';
import type { AuditEntry } from './audit-log.ts';

/** What a key, or a browser that is signed in, was given, and who stands behind it. */
export interface Credential {
  tenantId: string;
  /** Id of the key's row, by which its use is noted; null for a browser. */
  id: string | null;
  /** The first of the keys that were rotated into this one; null for a browser. */
  familyId: string | null;
  name: string;
  role: Role;
  /** Scopes, or `*` for everything that the role may do. */
  scopes: string[];
  expiresAt: number | null;
  user: { id: string; name: string; role: Role; isDisabled: boolean } | null;
  isTenantDisabled: boolean;
}

/** What somebody came with, by which it can be looked at later whether they may still be here. `hash` is its SHA-256. */
export type Proof =
  | { kind: 'key' | 'browser'; hash: string }
  /** A token of an identity provider. `userRole`: the role of its user when it was let in. */
  | { kind: 'token'; hash: string; userId: string; userRole: Role; expiresAt: number };

/** What has become of a proof. Of a token the credential is its user as they are now. */
export interface Standing {
  credential: Credential;
  /** Set when it is over by itself; a user or tenant that is disabled is told by the credential. */
  ended: Extract<AccessEndReason, 'key-revoked' | 'key-expired' | 'signed-out' | 'user-deleted'> | null;
}

/** Somebody in whose name something goes on while they are away: a user, a key, or a user with a key. */
export interface Owner {
  userId: string | null;
  /** The first of the keys that were rotated into each other. */
  keyId: string | null;
}

/** What has become of an owner. */
export interface OwnerStanding {
  isTenantDisabled: boolean;
  /** Null: there is none, or they were deleted. */
  user: { role: Role; isDisabled: boolean } | null;
  /** The latest of the keys that were rotated into each other that is active, or else the last one; null: there is none. */
  key: { role: Role; state: 'active' | 'expired' | 'revoked' } | null;
}

/** A key that is about to be stored. */
export interface NewKey {
  id: string;
  tenantId: string;
  name: string;
  /** SHA-256 of the key, hexadecimal. */
  hash: string;
  /** The last characters of the key. */
  hint: string;
  role: Role;
  scopes: readonly string[];
  userId: string | null;
  expiresAt: number | null;
}

/** A browser's session that is about to be stored. */
export interface NewBrowserSession {
  /** SHA-256 of what its cookie holds. */
  hash: string;
  tenantId: string;
  userId: string | null;
  name: string;
  role: Role;
  scopes: readonly string[];
  expiresAt: number;
  /** When it ends, however much it is used. */
  endsAt: number;
  /** What its identity provider is shown when it is signed out, sealed for what its cookie holds; absent: there is none. */
  logoutHint?: string;
}

/** That a key or a browser's session was used: at most once a minute each. */
export interface CredentialUse {
  tenantId: string;
  /** Id of a key, or hash of a browser's session, which then goes on until `expiresAt` unless it ends before. */
  used: { keyId: string } | { sessionHash: string; expiresAt: number };
  at: number;
}

/** Who may enter. Look-ups by hash happen before a tenant is known. */
export interface AccessStore {
  ensureTenant(tenantId: string, name: string): Promise<void>;
  /** A key whose hash is there already, even a revoked one, stays as it is. */
  addKey(key: NewKey, audit: AuditEntry): Promise<void>;
  /** Who comes with the key of this hash, unless it is revoked or expired. */
  findKey(hash: string): Promise<Credential | undefined>;
  /** Stores a one-time login token (its SHA-256) that can be exchanged until `expiresAt`. */
  addLoginToken(token: { hash: string; tenantId: string; expiresAt: number }): Promise<void>;
  /** Uses a login token up: its tenant the first time, undefined ever after or when it has expired. */
  takeLoginToken(hash: string): Promise<{ tenantId: string } | undefined>;
  /** Also removes the tenant's sessions that have expired. */
  addBrowserSession(session: NewBrowserSession, audit: AuditEntry): Promise<void>;
  findBrowserSession(hash: string): Promise<Credential | undefined>;
  /** What has become of proofs, by their hash, in one look-up. What is gone is left out. */
  standings(proofs: readonly Proof[]): Promise<ReadonlyMap<string, Standing>>;
  /** What has become of owners of the tenant, in their order, in one look-up. */
  owners(tenantId: string, owners: readonly Owner[]): Promise<OwnerStanding[]>;
  /** Ends a session; gives its `logoutHint`. */
  endBrowserSession(tenantId: string, hash: string, audit: AuditEntry): Promise<string | null>;
  /** Notes what was used. Keys and sessions that are gone are left out. */
  noteUses(uses: readonly CredentialUse[]): Promise<void>;
}
