import type { AuditEntry } from './audit-log.ts';
import type { SealedSecret } from './secret-store.ts';

/** In whose name something is granted: of a user, or of the keys of a tenant that belong to nobody. */
export interface GrantOwner {
  tenantId: string;
  userId: string | null;
}

/** What was granted at a service, as it is stored: encrypted for `grantSecretName(id)`. */
export interface GrantRecord extends GrantOwner {
  id: string;
  /** As the project names it: `mcp:tickets`. */
  service: string;
  scopes: readonly string[];
  sealed: SealedSecret;
  version: number;
  expiresAt: number | null;
  createdAt: number;
  updatedAt: number;
}

/** A grant that is about to be stored. */
export type NewGrant = Omit<GrantRecord, 'version' | 'createdAt' | 'updatedAt'>;

/** A consent that was asked for, encrypted for `requestSecretName(hash)`. */
export interface AuthorizationRequest extends GrantOwner {
  /** Of the state that the browser brings back. */
  hash: string;
  service: string;
  sealed: SealedSecret;
  expiresAt: number;
}

/** Name of what a grant keeps, where it is encrypted. */
export function grantSecretName(id: string): string {
  return `grant:${id}`;
}

/** Name of what is kept of a consent that was asked for, where it is encrypted. */
export function requestSecretName(hash: string): string {
  return `authorization-request:${hash}`;
}

/** Name of what an authorisation server calls the platform, where it is encrypted. */
export function clientSecretName(service: string, issuer: string): string {
  return `oauth-client:${service}:${issuer}`;
}

/** Consents of people at services elsewhere. A store never sees a token. */
export interface GrantStore {
  get(owner: GrantOwner, service: string): Promise<GrantRecord | undefined>;
  /** In place of what the owner has granted at the service before. */
  put(grant: NewGrant, audit: AuditEntry): Promise<GrantRecord>;
  /**
   * Takes the right to renew the tokens for so long, unless somebody else has it, or has renewed them since `version`. Of many who ask,
   * in any number of processes, one is answered true.
   */
  claimRenewal(grant: Pick<GrantRecord, 'tenantId' | 'id' | 'version'>, forMs: number): Promise<boolean>;
  /** Stores renewed tokens and gives the right back; false when the grant was changed meanwhile. */
  renewed(
    grant: Pick<GrantRecord, 'tenantId' | 'id' | 'version'>,
    renewal: Pick<GrantRecord, 'sealed' | 'expiresAt' | 'scopes'>,
  ): Promise<boolean>;
  /** Gives the right to renew back: it did not work, and may work later. */
  releaseRenewal(grant: Pick<GrantRecord, 'tenantId' | 'id' | 'version'>): Promise<void>;
  /** By id; of one user, of nobody (`null`), or of everybody (absent). */
  list(
    tenantId: string,
    filter: { userId?: string | null; after?: string; limit: number },
  ): Promise<GrantRecord[]>;
  /** Any grant of the tenant at the service. */
  any(tenantId: string, service: string): Promise<GrantRecord | undefined>;
  find(tenantId: string, id: string): Promise<GrantRecord | undefined>;
  /** False when there was none; with a `version`, also when it was changed since. */
  delete(grant: { tenantId: string; id: string; version?: number }, audit: AuditEntry): Promise<boolean>;
  /** Stores a request; those of the tenant that have expired are removed. */
  ask(request: AuthorizationRequest): Promise<void>;
  /** The newest request of the owner that is good for at least so long. */
  asked(owner: GrantOwner, service: string, atLeastMs: number): Promise<AuthorizationRequest | undefined>;
  /** Without using it up: what a page shows before it asks. */
  peek(tenantId: string, hash: string): Promise<AuthorizationRequest | undefined>;
  /** Uses a request up: of two who bring the same state, one gets it. One that has expired is nobody's. */
  take(tenantId: string, hash: string): Promise<AuthorizationRequest | undefined>;
  client(tenantId: string, service: string, issuer: string): Promise<SealedSecret | undefined>;
  /** Null: it is not to be used any more. */
  putClient(
    target: { tenantId: string; service: string; issuer: string },
    sealed: SealedSecret | null,
  ): Promise<void>;
}
