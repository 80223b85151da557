--! additive
-- Workspaces of sessions.

-- Which disk has the files of a session. It says where things are now: a restored database begins without.
create table workspaces (
  session_id text collate "C" primary key,
  tenant_id text collate "C" not null,
  place text not null,
  made_at timestamptz(3) not null default now()
);
create index workspaces_by_tenant on workspaces (tenant_id, session_id);

alter table workspaces enable row level security;
alter table workspaces force row level security;
create policy one_tenant on workspaces to batuta_app using (tenant_id = current_setting('batuta.tenant', true));
grant select, insert, update, delete on workspaces to batuta_app;
