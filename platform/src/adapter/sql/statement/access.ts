import type { Role } from '@batuta/contract';
import { statement } from '../statement.ts';

/** A row of `api_keys`, without the hash. */
export interface ApiKeyRow {
  id: string;
  tenant_id: string;
  name: string;
  role: Role;
  scopes: string[];
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
}

/** Makes a tenant unless there is one of this id. */
export const ensureTenant = statement<never, readonly [tenantId: string, name: string]>(
  'ensure-tenant',
  'insert into tenants (tenant_id, name) values ($1, $2) on conflict do nothing',
);

/** Stores an API key's hash. */
export const addKey = statement<
  never,
  readonly [
    id: string,
    tenantId: string,
    name: string,
    hash: string,
    role: Role,
    scopes: readonly string[],
    expiresAt: Date | null,
  ]
>(
  'add-key',
  `insert into api_keys (id, tenant_id, name, hash, role, scopes, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7)
   on conflict (hash) do nothing`,
);

/** The key of a hash, unless it is revoked or expired. */
export const findKey = statement<ApiKeyRow, readonly [hash: string]>(
  'find-key',
  `select id, tenant_id, name, role, scopes, created_at, expires_at, revoked_at from api_keys
   where hash = $1 and revoked_at is null and (expires_at is null or expires_at > now())`,
);

/** Revokes a key of the tenant. */
export const revokeKey = statement<never, readonly [id: string]>(
  'revoke-key',
  'update api_keys set revoked_at = now() where id = $1 and revoked_at is null',
);

/** Stores the hash of a login token. */
export const addLoginToken = statement<never, readonly [hash: string, tenantId: string, expiresAt: Date]>(
  'add-login-token',
  'insert into login_tokens (hash, tenant_id, expires_at) values ($1, $2, $3)',
);

/** Removes the tenant's login tokens that have expired. */
export const forgetLoginTokens = statement<never, readonly []>(
  'forget-login-tokens',
  'delete from login_tokens where expires_at <= now()',
);

/** Uses a login token up. */
export const takeLoginToken = statement<{ tenant_id: string; is_valid: boolean }, readonly [hash: string]>(
  'take-login-token',
  'delete from login_tokens where hash = $1 returning tenant_id, expires_at > now() as is_valid',
);
