import type { Role } from '@batuta/contract';
import type { AuditEntry } from './audit-log.ts';

/** Who somebody is for an identity provider. */
export interface ExternalIdentity {
  issuer: string;
  subject: string;
}

/** Somebody of a tenant. */
export interface UserRecord {
  id: string;
  tenantId: string;
  name: string;
  email: string | null;
  role: Role;
  identity: ExternalIdentity | null;
  createdAt: number;
  disabledAt: number | null;
}

/** A user that is about to be stored. */
export type NewUser = Omit<UserRecord, 'createdAt' | 'disabledAt'>;

/** What of a user can be changed; what is absent stays as it is. */
export type UserChange = Partial<Pick<UserRecord, 'name' | 'email' | 'role' | 'identity'>> & {
  isDisabled?: boolean;
};

/** The users of a tenant. Every change is audited in its own transaction. */
export interface UserStore {
  /** Newest first; `before` is the id of the last one of the page before. */
  list(tenantId: string, filter: { before?: string; limit: number }): Promise<UserRecord[]>;
  get(tenantId: string, id: string): Promise<UserRecord | undefined>;
  /** The user that an identity provider knows by this name, and whether their tenant may be entered. */
  find(
    tenantId: string,
    identity: ExternalIdentity,
  ): Promise<{ user: UserRecord | undefined; tenant: 'open' | 'disabled' | 'unknown' }>;
  /** Errors: `identity-taken`. */
  add(user: NewUser, audit: AuditEntry): Promise<UserRecord>;
  /** Errors: `user-unknown`, `identity-taken`, `last-administrator`. */
  change(
    target: { tenantId: string; id: string },
    change: UserChange,
    audit: AuditEntry,
  ): Promise<UserRecord>;
  /** Removes a user, revokes their keys and signs their browsers out. Errors: `user-unknown`, `last-administrator`. */
  remove(tenantId: string, id: string, audit: AuditEntry): Promise<void>;
}
