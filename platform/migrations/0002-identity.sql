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
