--! additive
-- Approvals: who must decide, what they see, what they changed, what they allowed for the session; questions of a run; one-time links.

alter table approvals
  add column needed_role text collate "C" not null default 'operator',
  add column labels text[] not null default '{}',
  add column requested_by text,
  -- The rule that asked, with its place, and why; null where the platform itself asks.
  add column rule json,
  add column why text,
  -- {"text": ..., "options": [...] or null}
  add column question json,
  add column edited_arguments json,
  add column edited_hash text collate "C",
  add column pattern json,
  add column answer json,
  -- How it ended without a decision.
  add column closed text collate "C" check (closed in ('expired', 'withdrawn')),
  -- A question waits as long as its run does.
  alter column expires_at drop not null,
  add check (decision is null or closed is null);
create index approvals_by_session on approvals (session_id, id);
create index approvals_open on approvals (tenant_id, id) where decision is null and closed is null;

-- A link lets one named person decide one approval once, without a key. Only the hash of its token is kept.
create table approval_links (
  id text collate "C" primary key,
  tenant_id text collate "C" not null,
  session_id text collate "C" not null,
  approval_id text collate "C" not null,
  hash text collate "C" not null unique,
  decisions text[] not null,
  recipient text not null,
  created_by text not null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  used_at timestamptz(3),
  used_decision text collate "C",
  -- Taken back before it was used: it is of no use any more.
  revoked_at timestamptz(3),
  revoked_by text,
  check (used_at is null or revoked_at is null)
);
create index approval_links_by_approval on approval_links (approval_id);
create index approval_links_by_session on approval_links (session_id);

alter table approval_links enable row level security;
alter table approval_links force row level security;
create policy one_tenant on approval_links to batuta_app using (tenant_id = current_setting('batuta.tenant', true));
grant select, insert, update, delete on approval_links to batuta_app;
-- A link is looked up before a tenant is known.
create policy find_any on approval_links for select to batuta_system using (true);
grant select on approval_links to batuta_system;
