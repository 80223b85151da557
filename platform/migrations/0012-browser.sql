--! additive
-- What browser windows of sessions keep.

-- Cookies, storage and open pages of a session's browser window, encrypted with a key of its own, which the key ring encrypts, bound to tenant and session.
create table browser_windows (
  session_id text collate "C" primary key,
  tenant_id text collate "C" not null,
  -- Grows with each state: who writes one names the one that it follows.
  version integer not null default 1,
  key_id text collate "C" not null,
  nonce bytea not null,
  ciphertext bytea not null,
  state_nonce bytea not null,
  state bytea not null,
  updated_at timestamptz(3) not null default now()
);
create index browser_windows_by_tenant on browser_windows (tenant_id, session_id);

alter table browser_windows enable row level security;
alter table browser_windows force row level security;
create policy one_tenant on browser_windows to batuta_app using (tenant_id = current_setting('batuta.tenant', true));
-- Over all tenants: which keys are still needed to decrypt something.
create policy count_keys on browser_windows for select to batuta_system using (true);
grant select, insert, update, delete on browser_windows to batuta_app;
grant select (tenant_id, key_id) on browser_windows to batuta_system;
