--! additive
-- The whole state of a platform. Rules that hold for every table:
--  * Identifiers are compared byte by byte (COLLATE "C"): they sort by time in every database.
--  * Text from outside is kept as json, not jsonb: models and tools do write U+0000, which jsonb refuses.
--  * A table with a tenant_id shows its rows only to the tenant named by the setting batuta.tenant (see the end).
--  * No foreign keys between tables that every turn writes: checking them would cost more than the write itself.
--    What belongs together is written in one transaction, and a session is deleted whole (statement/delete-session.ts).

create table tenants (
  tenant_id text collate "C" primary key check (tenant_id <> ''),
  name text not null,
  created_at timestamptz(3) not null default now()
);

create table api_keys (
  id text collate "C" primary key,
  tenant_id text collate "C" not null references tenants,
  name text not null,
  hash text collate "C" not null unique,
  scopes text[] not null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3),
  revoked_at timestamptz(3)
);

create table login_tokens (
  hash text collate "C" primary key,
  tenant_id text collate "C" not null references tenants,
  expires_at timestamptz(3) not null
);

create table agent_definitions (
  tenant_id text collate "C" not null,
  hash text collate "C" not null,
  definition json not null,
  created_at timestamptz(3) not null default now(),
  primary key (tenant_id, hash)
);

create table sessions (
  id text collate "C" primary key,
  tenant_id text collate "C" not null,
  agent text collate "C" not null,
  title text not null,
  metadata json not null,
  forked_from_session text collate "C",
  forked_from_seq integer,
  parent_run_id text collate "C",
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create index sessions_by_tenant on sessions (tenant_id, id) where parent_run_id is null;
create index sessions_by_parent on sessions (parent_run_id) where parent_run_id is not null;
create index sessions_by_origin on sessions (forked_from_session) where forked_from_session is not null;

-- Order in which runs are taken up, within a session and over all of them.
create sequence run_positions;

-- The columns that a turn changes stand last, so that the log of the database holds only them; none of them is indexed
-- and the pages have room, so that a turn's update touches no index (a HOT update).
create table runs (
  id text collate "C" primary key,
  tenant_id text collate "C" not null,
  session_id text collate "C" not null,
  agent text collate "C" not null,
  definition_hash text collate "C" not null,
  parent_run_id text collate "C",
  parent_call_id text,
  idempotency_key text collate "C",
  request_hash text collate "C",
  input json not null,
  metadata json not null,
  created_at timestamptz(3) not null default now(),
  position bigint not null default nextval('run_positions'),
  started_seq integer,
  started_at timestamptz(3),
  ended_at timestamptz(3),
  wake_at timestamptz(3),
  status text collate "C" not null
    check (status in ('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled')),
  waiting_for text collate "C",
  lease_worker text collate "C",
  -- Grows by one whenever a worker takes the run: the fencing token of its writes.
  lease_epoch integer not null default 0,
  -- Number of rows in run_signals: known from the row itself, so that a commit need not look.
  signals_pending integer not null default 0,
  turns integer not null default 0,
  attempt integer not null default 1,
  input_tokens bigint not null default 0,
  cached_input_tokens bigint not null default 0,
  cache_write_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  reasoning_tokens bigint not null default 0,
  cost_micros bigint default 0,
  output_text text,
  error json
) with (fillfactor = 70, toast_tuple_target = 512);
create unique index runs_idempotency on runs (tenant_id, idempotency_key) where idempotency_key is not null;
create unique index runs_one_active on runs (session_id) where status in ('running', 'waiting');
create index runs_unfinished on runs (session_id, position) where status in ('queued', 'running', 'waiting');
create index runs_by_session on runs (session_id, id);
create index runs_by_tenant on runs (tenant_id, id);
create index runs_by_parent on runs (parent_run_id) where parent_run_id is not null;
create index runs_queued on runs (position) where status = 'queued';
create index runs_queued_of_tenant on runs (tenant_id) where status = 'queued';
create index runs_to_wake on runs (wake_at) where status = 'waiting' and wake_at is not null;
create index runs_leased on runs (lease_worker) where status = 'running';

create table events (
  session_id text collate "C" not null,
  seq integer not null check (seq > 0),
  -- Epoch of the lease that wrote it: tells a worker that lost its connection whether its commit was written.
  epoch integer not null,
  version smallint not null,
  at timestamptz(3) not null default now(),
  tenant_id text collate "C" not null,
  run_id text collate "C" not null,
  kind text collate "C" not null,
  data json not null,
  primary key (session_id, seq)
);
create index events_compactions on events (session_id, seq) where kind = 'history-compacted';

create table run_signals (
  run_id text collate "C" not null,
  id bigint generated always as identity,
  tenant_id text collate "C" not null,
  kind text collate "C" not null,
  data json not null,
  at timestamptz(3) not null default now(),
  primary key (run_id, id)
);

-- One row for each effect of a run. A row with an outcome is never claimed again.
create table effects (
  run_id text collate "C" not null,
  call_id text collate "C" not null,
  tenant_id text collate "C" not null,
  tool text not null,
  arguments_hash text collate "C" not null,
  attempt integer not null,
  claimed_at timestamptz(3) not null default now(),
  settled_at timestamptz(3),
  outcome text collate "C",
  primary key (run_id, call_id)
);

create table artifacts (
  id text collate "C" primary key,
  tenant_id text collate "C" not null,
  session_id text collate "C" not null,
  run_id text collate "C" not null,
  name text not null,
  media_type text not null,
  created_at timestamptz(3) not null default now(),
  content bytea not null
);
-- Not compressed, so that a range of a large file is read without the rest.
alter table artifacts alter column content set storage external;
create index artifacts_by_session on artifacts (session_id);

create table approvals (
  id text collate "C" primary key,
  tenant_id text collate "C" not null,
  session_id text collate "C" not null,
  run_id text collate "C" not null,
  call_id text collate "C" not null,
  tool text not null,
  arguments json not null,
  arguments_hash text collate "C" not null,
  policy_version text not null,
  reason text collate "C" not null,
  decisions text[] not null,
  decision text collate "C",
  decided_by text,
  decision_reason text,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  decided_at timestamptz(3)
);
create index approvals_by_tenant on approvals (tenant_id, id);
create index approvals_by_run on approvals (run_id);

-- Money outlives the session that spent it.
create table ledger (
  run_id text collate "C" not null,
  reservation_id text collate "C" not null,
  kind text collate "C" not null check (kind in ('reserve', 'settle', 'release')),
  tenant_id text collate "C" not null,
  session_id text collate "C" not null,
  model text not null,
  micros bigint not null,
  at timestamptz(3) not null default now(),
  primary key (run_id, reservation_id, kind)
);

-- A lease is valid while its worker's is: one row update keeps all leases of a process alive.
create table workers (
  id text collate "C" primary key,
  lease_until timestamptz(3) not null
) with (fillfactor = 50);

-- Ends the transaction of a write that must not happen, and with it everything sent along in the same round trip.
create function refuse_write(reason text) returns text language plpgsql as $$
begin
  raise exception using errcode = 'BT001', message = reason;
end
$$;

-- Row-level security, also for the owner of the tables. batuta_app sees one tenant, the one that its transaction names, and
-- nothing when it names none. batuta_system sees what work over all tenants needs, and only that.
do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['tenants', 'api_keys', 'login_tokens', 'agent_definitions', 'sessions', 'runs', 'events',
    'run_signals', 'effects', 'artifacts', 'approvals', 'ledger']
  loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format('create policy one_tenant on %I to batuta_app using (tenant_id = current_setting(''batuta.tenant'', true))',
      tenant_table);
    execute format('grant select, insert, update, delete on %I to batuta_app', tenant_table);
  end loop;
end
$$;
grant usage on sequence run_positions to batuta_app;

create policy claim_any on runs to batuta_system using (true);
create policy read_any on agent_definitions for select to batuta_system using (true);
create policy find_any on api_keys for select to batuta_system using (true);
create policy take_any on login_tokens to batuta_system using (true);
grant select on runs, agent_definitions, api_keys to batuta_system;
grant update (status, waiting_for, wake_at, lease_worker, lease_epoch) on runs to batuta_system;
grant select, delete on login_tokens to batuta_system;
grant select, insert, update, delete on workers to batuta_system;
