--! additive
-- Approvals: who must decide, what they see, what they changed, what they allowed for the session; questions of a run; one-time links.

alter table approvals
  add column needed_role text collate "C" not null default 'operator',
  add column labels text[] not null default '{}',
  add column requested_by text,
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
