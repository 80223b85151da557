--! additive
-- Webhooks, their outbox, schedules.

create table webhooks (
  id text collate "C" primary key,
  tenant_id text collate "C" not null,
  url text not null,
  kinds text[] not null,
  description text not null,
  enabled boolean not null,
  disabled_reason text collate "C",
  -- What messages are signed with, encrypted by the key ring like the rows of secrets, and bound to tenant and id.
  secret_key_id text collate "C" not null,
  secret_nonce bytea not null,
  secret_ciphertext bytea not null,
  -- The secret of before the last rotation signs, too, until then.
  previous_secret_key_id text collate "C",
  previous_secret_nonce bytea,
  previous_secret_ciphertext bytea,
  previous_secret_until timestamptz(3),
  -- Deliveries in a row that failed, and until when nothing is sent because of them.
  failures integer not null default 0,
  paused_until timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create index webhooks_by_tenant on webhooks (tenant_id, id);

-- The outbox: a row for each event and webhook that wants it, written in the transaction that writes the event. Rows, and not jobs,
-- are what is due; a job only works them off.
create table webhook_deliveries (
  webhook_id text collate "C" not null,
  message_id text collate "C" not null,
  tenant_id text collate "C" not null,
  kind text collate "C" not null,
  data json not null,
  created_at timestamptz(3) not null default now(),
  status text collate "C" not null default 'pending' check (status in ('pending', 'delivered', 'dead')),
  attempts integer not null default 0,
  next_attempt_at timestamptz(3) not null default now(),
  -- Given up then, whatever was tried.
  expires_at timestamptz(3) not null default now() + interval '80 hours',
  -- An attempt is under way; after that time whoever made it has died.
  claimed_until timestamptz(3),
  last_attempt_at timestamptz(3),
  last_status integer,
  last_error text,
  delivered_at timestamptz(3),
  primary key (webhook_id, message_id)
) with (fillfactor = 80);
create index webhook_deliveries_due on webhook_deliveries (webhook_id, next_attempt_at) where status = 'pending';
create index webhook_deliveries_by_time on webhook_deliveries (webhook_id, created_at, message_id);
create index webhook_deliveries_by_age on webhook_deliveries (created_at) where status <> 'pending';

create table schedules (
  id text collate "C" primary key,
  tenant_id text collate "C" not null,
  name text not null,
  agent text collate "C" not null,
  input text not null,
  session_id text collate "C",
  metadata json not null,
  -- One of both.
  cron text,
  at timestamptz(3),
  time_zone text not null,
  missed text collate "C" not null,
  overlap text collate "C" not null,
  enabled boolean not null,
  -- In whose name runs are started.
  requested_by_user text collate "C",
  requested_by_key text collate "C",
  requested_by_role text collate "C" not null,
  requested_by_name text not null,
  -- The first time that nothing has come of yet; null when there is none.
  next_due_at timestamptz(3),
  last_due_at timestamptz(3),
  last_outcome text collate "C",
  last_run_id text collate "C",
  last_error text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  check ((cron is null) <> (at is null))
);
create index schedules_by_tenant on schedules (tenant_id, id);
create index schedules_due on schedules (next_due_at) where enabled and next_due_at is not null;

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['webhooks', 'webhook_deliveries', 'schedules']
  loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format('create policy one_tenant on %I to batuta_app using (tenant_id = current_setting(''batuta.tenant'', true))',
      tenant_table);
    execute format('grant select, insert, update, delete on %I to batuta_app', tenant_table);
  end loop;
end
$$;

-- Over all tenants: what is due, and what is too old. Addresses, secrets and contents are nobody's but the tenant's.
create policy find_due on webhooks for select to batuta_system using (true);
create policy sweep_any on webhook_deliveries to batuta_system using (true);
grant select (id, tenant_id, enabled, failures, paused_until, secret_key_id, previous_secret_key_id)
  on webhooks to batuta_system;
grant select (webhook_id, message_id, tenant_id, created_at, status, next_attempt_at, expires_at, claimed_until)
  on webhook_deliveries to batuta_system;
grant update (status, last_error) on webhook_deliveries to batuta_system;
grant delete on webhook_deliveries to batuta_system;

-- Over all tenants: whose time comes.
create policy find_due on schedules for select to batuta_system using (true);
grant select (id, tenant_id, enabled, next_due_at) on schedules to batuta_system;
