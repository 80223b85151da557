--! additive
-- Consents of people at services elsewhere (OAuth), by which tools act for them.

-- What a person, or nobody in particular, has granted the platform at a service. The tokens, the client that they were given to and where they are
-- renewed are encrypted by the key ring, bound to tenant and id.
create table grants (
  id text collate "C" primary key,
  tenant_id text collate "C" not null,
  -- As the project names it: mcp:tickets, openapi:billing.
  service text collate "C" not null,
  -- Null: of the keys that belong to nobody.
  user_id text collate "C" references users (id) on delete cascade,
  key_id text collate "C" not null,
  nonce bytea not null,
  ciphertext bytea not null,
  scopes text[] not null,
  -- Grows with each renewal: who renews names the one that it saw.
  version integer not null default 1,
  expires_at timestamptz(3),
  -- Somebody renews the tokens; after that time whoever it was has died.
  renewing_until timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create unique index grants_by_owner on grants (tenant_id, service, coalesce(user_id, ''));

-- Consents that were asked for and not given yet. The state that the browser brings back is stored as a hash only, and is good for once.
create table authorization_requests (
  hash text collate "C" primary key,
  tenant_id text collate "C" not null,
  service text collate "C" not null,
  user_id text collate "C" references users (id) on delete cascade,
  key_id text collate "C" not null,
  nonce bytea not null,
  ciphertext bytea not null,
  expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null default now()
);
create index authorization_requests_by_owner on authorization_requests (tenant_id, service, coalesce(user_id, ''));

-- What the platform is called at an authorisation server where it has registered itself.
create table oauth_clients (
  tenant_id text collate "C" not null,
  service text collate "C" not null,
  issuer text collate "C" not null,
  key_id text collate "C" not null,
  nonce bytea not null,
  ciphertext bytea not null,
  created_at timestamptz(3) not null default now(),
  primary key (tenant_id, service, issuer)
);

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['grants', 'authorization_requests', 'oauth_clients']
  loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format('create policy one_tenant on %I to batuta_app using (tenant_id = current_setting(''batuta.tenant'', true))',
      tenant_table);
    execute format('grant select, insert, update, delete on %I to batuta_app', tenant_table);
  end loop;
end
$$;

-- Over all tenants: which keys are still needed to decrypt something.
create policy count_keys on grants for select to batuta_system using (true);
create policy count_keys on oauth_clients for select to batuta_system using (true);
grant select (tenant_id, key_id) on grants, oauth_clients to batuta_system;
