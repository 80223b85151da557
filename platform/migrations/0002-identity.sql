--! additive
-- Tenants' settings, users, roles, keys, browser sessions; who asked for a run, and whose it is.

alter table tenants
  add column settings json not null default '{}',
  add column disabled_at timestamptz(3);

alter table api_keys
  add column role text collate "C" not null default 'administrator';

-- Whose a session is: a user or a key (domain/identity/ownership.ts). Everything in it has the same owner.
alter table sessions add column owner_id text collate "C";
create index sessions_by_owner on sessions (tenant_id, owner_id, id) where parent_run_id is null and owner_id is not null;

-- Who asked for a run: nothing of it changes later. Runs of before there were users were an administrator's.
alter table runs
  add column requested_by_user text collate "C",
  add column requested_by_key text collate "C",
  add column requested_by_role text collate "C" not null default 'administrator',
  add column requested_by_name text not null default '',
  add column owner_id text collate "C";
create index runs_by_owner on runs (tenant_id, owner_id, id) where owner_id is not null;

-- Somebody of a tenant: whoever an identity provider knows by issuer and subject, and whoever keys were made for.
create table users (
  id text collate "C" primary key,
  tenant_id text collate "C" not null references tenants,
  name text not null,
  email text,
  role text collate "C" not null check (role in ('administrator', 'operator', 'member', 'viewer')),
  issuer text collate "C",
  subject text collate "C",
  created_at timestamptz(3) not null default now(),
  disabled_at timestamptz(3),
  check ((issuer is null) = (subject is null))
);
create unique index users_identity on users (tenant_id, issuer, subject) where issuer is not null;
create index users_by_tenant on users (tenant_id, id);

-- family_id is the id of the first of the keys that were rotated into each other; null for that first one.
alter table api_keys
  add column user_id text collate "C",
  add column family_id text collate "C",
  add column hint text not null default '',
  add column last_used_at timestamptz(3),
  add column rotated_from text collate "C",
  add column replaced_by text collate "C";
create index api_keys_by_tenant on api_keys (tenant_id, id);
create index api_keys_by_user on api_keys (user_id) where user_id is not null;

-- A browser that is signed in, by the hash of what its cookie holds. expires_at moves on while it is used, until ends_at.
create table browser_sessions (
  hash text collate "C" primary key,
  tenant_id text collate "C" not null references tenants,
  user_id text collate "C",
  name text not null,
  role text collate "C" not null check (role in ('administrator', 'operator', 'member', 'viewer')),
  scopes text[] not null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,
  -- What the identity provider is shown when it is signed out, encrypted with what only the browser has.
  logout_hint text
);
create index browser_sessions_by_user on browser_sessions (user_id) where user_id is not null;
create index browser_sessions_by_end on browser_sessions (tenant_id, expires_at);

-- Browsers were signed in by keys named so; they sign in anew.
update api_keys set revoked_at = now() where name = 'browser' and revoked_at is null;

-- What there was before was the platform's administrator.
update api_keys set scopes = '{*,backups:write,tenants:read,tenants:write}'
where tenant_id = 'default' and name = 'administrator' and scopes = '{admin}';

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['users', 'browser_sessions']
  loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format('create policy one_tenant on %I to batuta_app using (tenant_id = current_setting(''batuta.tenant'', true))',
      tenant_table);
    execute format('grant select, insert, update, delete on %I to batuta_app', tenant_table);
  end loop;
end
$$;

-- Whoever comes with a key or a cookie is found before their tenant is known: who they are, and whether they may still enter.
create policy find_any on users for select to batuta_system using (true);
create policy find_any on browser_sessions for select to batuta_system using (true);
create policy find_any on tenants for select to batuta_system using (true);
grant select (id, tenant_id, name, role, disabled_at) on users to batuta_system;
grant select on browser_sessions to batuta_system;
-- Administrators of the platform list tenants; what tenants have set is not theirs to see.
grant select (tenant_id, name, created_at, disabled_at) on tenants to batuta_system;

-- Of keys and sessions only what finding out who comes needs.
revoke select on api_keys from batuta_system;
grant select (id, tenant_id, name, hash, scopes, expires_at, revoked_at, role, user_id, family_id) on api_keys to batuta_system;
revoke select on browser_sessions from batuta_system;
grant select (hash, tenant_id, user_id, name, role, scopes, expires_at) on browser_sessions to batuta_system;
