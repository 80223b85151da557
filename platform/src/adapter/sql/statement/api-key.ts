import type { Role } from '@batuta/contract';
import { statement } from '../statement.ts';

/** A row of `api_keys`, without the hash. */
export interface ApiKeyRow {
  id: string;
  tenant_id: string;
  family_id: string | null;
  user_id: string | null;
  name: string;
  hint: string;
  role: Role;
  scopes: string[];
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  last_used_at: number | null;
  rotated_from: string | null;
  replaced_by: string | null;
}

/** Columns of an `ApiKeyRow`. */
export const apiKeyColumnNames = [
  'id',
  'tenant_id',
  'family_id',
  'user_id',
  'name',
  'hint',
  'role',
  'scopes',
  'created_at',
  'expires_at',
  'revoked_at',
  'last_used_at',
  'rotated_from',
  'replaced_by',
] as const satisfies (keyof ApiKeyRow)[];

const columns = apiKeyColumnNames.join(', ');

/** Stores an API key's hash. */
export const addKey = statement<
  ApiKeyRow,
  readonly [
    id: string,
    tenantId: string,
    name: string,
    hash: string,
    hint: string,
    role: Role,
    scopes: readonly string[],
    userId: string | null,
    expiresAt: Date | null,
    familyId: string | null,
    rotatedFrom: string | null,
  ]
>(
  'add-key',
  `insert into api_keys (id, tenant_id, name, hash, hint, role, scopes, user_id, expires_at, family_id, rotated_from)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
   on conflict (hash) do nothing returning ${columns}`,
);

/** One key of the tenant. */
export const readKey = statement<ApiKeyRow, readonly [id: string]>(
  'read-key',
  `select ${columns} from api_keys where id = $1`,
);

/** One key, kept from being changed by others until the transaction ends. */
export const lockKey = statement<ApiKeyRow & { is_expired: boolean }, readonly [id: string]>(
  'lock-key',
  `select ${columns}, coalesce(expires_at <= now(), false) as is_expired from api_keys where id = $1 for update`,
);

/** Lets a key end, at the latest, at a time, because another one has taken its place. */
export const replaceKey = statement<never, readonly [id: string, replacedBy: string, until: Date]>(
  'replace-key',
  'update api_keys set replaced_by = $2, expires_at = least(expires_at, $3) where id = $1',
);

/** Revokes a key. */
export const revokeKey = statement<never, readonly [id: string]>(
  'revoke-key',
  'update api_keys set revoked_at = now() where id = $1 and revoked_at is null',
);

/** Revokes all keys of a user. */
export const revokeKeysOfUser = statement<never, readonly [userId: string]>(
  'revoke-keys-of-user',
  'update api_keys set revoked_at = now() where user_id = $1 and revoked_at is null',
);

/**
 * Whether the tenant has an administrator who can enter: a user whom an identity provider knows or who has a lasting key, or a lasting
 * key that is nobody's. Keys that expire or allow only a part do not count.
 */
export const hasAdministrator = statement<{ has: boolean }, readonly []>(
  'has-administrator',
  `
  with lasting as (
    select user_id from api_keys
    where role = 'administrator' and revoked_at is null and expires_at is null and scopes && array['*', 'admin']
  )
  select exists (select 1 from lasting where user_id is null) or exists (
    select 1 from users where role = 'administrator' and disabled_at is null
      and (issuer is not null or id in (select user_id from lasting))
  ) as has`,
);
