import type { Role } from '@batuta/contract';
import { statement } from '../statement.ts';

/** Who comes with a key or a browser's session, as `findKey` and `findBrowserSession` give it. */
export interface CredentialRow {
  tenant_id: string;
  id: string | null;
  family_id: string | null;
  name: string;
  role: Role;
  scopes: string[];
  expires_at: number | null;
  user_id: string | null;
  user_name: string | null;
  user_role: Role | null;
  user_disabled: boolean | null;
  tenant_disabled: boolean;
}

/** Makes a tenant unless there is one of this id. */
export const ensureTenant = statement<never, readonly [tenantId: string, name: string]>(
  'ensure-tenant',
  'insert into tenants (tenant_id, name) values ($1, $2) on conflict do nothing',
);

const behind = `
  join tenants using (tenant_id)
  left join users on users.id = credential.user_id and users.tenant_id = credential.tenant_id`;

const whoIsBehind = `credential.user_id, users.name as user_name, users.role as user_role,
  users.disabled_at is not null as user_disabled, tenants.disabled_at is not null as tenant_disabled`;

/** Who comes with the key of a hash, unless it is revoked or expired, or its user is gone. */
export const findKey = statement<CredentialRow, readonly [hash: string]>(
  'find-key',
  `select credential.tenant_id, credential.id, coalesce(credential.family_id, credential.id) as family_id,
     credential.name, credential.role, credential.scopes, credential.expires_at, ${whoIsBehind}
   from api_keys credential ${behind}
   where credential.hash = $1 and credential.revoked_at is null
     and (credential.expires_at is null or credential.expires_at > now())
     and (credential.user_id is null or users.id is not null)`,
);

/** Whose browser holds the cookie of a hash, unless it is signed out or its user is gone. */
export const findBrowserSession = statement<CredentialRow, readonly [hash: string]>(
  'find-browser-session',
  `select credential.tenant_id, null::text as id, null::text as family_id, credential.name, credential.role,
     credential.scopes, credential.expires_at, ${whoIsBehind}
   from browser_sessions credential ${behind}
   where credential.hash = $1 and credential.expires_at > now()
     and (credential.user_id is null or users.id is not null)`,
);

/** A row of `readStandings`: whose it is, and whether it is over. */
export interface StandingRow extends CredentialRow {
  proof: string;
  ended: 'key-revoked' | 'key-expired' | 'signed-out' | 'user-deleted' | null;
}

/** What has become of keys, browsers' sessions (by their hashes) and users. */
export const readStandings = statement<
  StandingRow,
  readonly [keyHashes: readonly string[], sessionHashes: readonly string[], userIds: readonly string[]]
>(
  'read-standings',
  `select credential.hash as proof, credential.tenant_id, credential.id,
     coalesce(credential.family_id, credential.id) as family_id, credential.name, credential.role, credential.scopes,
     credential.expires_at, ${whoIsBehind},
     case when credential.revoked_at is not null then 'key-revoked'
       when credential.expires_at <= now() then 'key-expired'
       when credential.user_id is not null and users.id is null then 'user-deleted' end as ended
   from api_keys credential ${behind} where credential.hash = any($1)
   union all
   select credential.hash, credential.tenant_id, null, null, credential.name, credential.role, credential.scopes,
     credential.expires_at, ${whoIsBehind},
     case when credential.expires_at <= now() then 'signed-out'
       when credential.user_id is not null and users.id is null then 'user-deleted' end
   from browser_sessions credential ${behind} where credential.hash = any($2)
   union all
   select users.id, users.tenant_id, null, null, users.name, users.role, '{*}', null, users.id, users.name, users.role,
     users.disabled_at is not null, tenants.disabled_at is not null, null
   from users join tenants using (tenant_id) where users.id = any($3)`,
);

/** A row of `readOwners`. */
export interface OwnerRow {
  kind: 'tenant' | 'user' | 'key';
  id: string;
  role: Role | null;
  state: 'active' | 'disabled' | 'expired' | 'revoked';
}

/** What a tenant, users and keys (by the first that was rotated into each other) of it are now. */
export const readOwners = statement<
  OwnerRow,
  readonly [tenantId: string, userIds: readonly string[], keyIds: readonly string[]]
>(
  'read-owners',
  `select 'tenant' as kind, tenant_id as id, null as role, case when disabled_at is null then 'active' else 'disabled' end as state
   from tenants where tenant_id = $1
   union all
   select 'user', id, role, case when disabled_at is null then 'active' else 'disabled' end
   from users where tenant_id = $1 and id = any($2)
   union all
   (select distinct on (family) 'key', family, role, state from (
      select coalesce(family_id, id) as family, role, created_at, id,
        case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'active' end as state
      from api_keys where tenant_id = $1 and coalesce(family_id, id) = any($3)
    ) credential
    order by family, state = 'active' desc, created_at desc, id desc)`,
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

/** Stores a browser's session. */
export const addBrowserSession = statement<
  never,
  readonly [
    hash: string,
    tenantId: string,
    userId: string | null,
    name: string,
    role: Role,
    scopes: readonly string[],
    expiresAt: Date,
    endsAt: Date,
    logoutHint: string | null,
  ]
>(
  'add-browser-session',
  `insert into browser_sessions (hash, tenant_id, user_id, name, role, scopes, expires_at, ends_at, logout_hint)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);

/** Removes the tenant's browser sessions that have expired. */
export const forgetBrowserSessions = statement<never, readonly []>(
  'forget-browser-sessions',
  'delete from browser_sessions where expires_at <= now()',
);

/** Signs a browser out. */
export const endBrowserSession = statement<{ logout_hint: string | null }, readonly [hash: string]>(
  'end-browser-session',
  'delete from browser_sessions where hash = $1 returning logout_hint',
);

/** Notes when keys were last used. */
export const noteKeyUses = statement<never, readonly [ids: readonly string[], times: readonly string[]]>(
  'note-key-uses',
  `update api_keys set last_used_at = use.at
   from unnest($1::text[], $2::timestamptz[]) as use (id, at)
   where api_keys.id = use.id and (last_used_at is null or last_used_at < use.at)`,
);

/** Lets browser sessions that are used go on. */
export const renewBrowserSessions = statement<
  never,
  readonly [hashes: readonly string[], expiries: readonly string[]]
>(
  'renew-browser-sessions',
  `update browser_sessions session set expires_at = least(session.ends_at, use.expires_at)
   from unnest($1::text[], $2::timestamptz[]) as use (hash, expires_at)
   where session.hash = use.hash and session.expires_at > now()`,
);
