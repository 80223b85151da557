--! additive
-- Rate limits and fair claiming.

-- One token bucket a row: what was spent of it, as of an instant; it drains with time. A bucket that is not here is full.
-- tenant_id '*' is nobody's: buckets of addresses, from which requests come before their tenant is known.
create table rate_buckets (
  tenant_id text collate "C" not null,
  key text collate "C" not null,
  spent double precision not null,
  at timestamptz not null,
  full_at timestamptz not null,
  primary key (tenant_id, key)
) with (fillfactor = 50);

-- Tokens may be limited by the address that a run was asked for from.
alter table runs add column requested_by_address text collate "C";

alter table rate_buckets enable row level security;
alter table rate_buckets force row level security;
create policy one_tenant on rate_buckets to batuta_app using (tenant_id = current_setting('batuta.tenant', true));
grant select, insert, update, delete on rate_buckets to batuta_app;
create policy count_any on rate_buckets to batuta_system using (true);
grant select, insert, update, delete on rate_buckets to batuta_system;

-- Claims step from tenant to tenant through these, whatever the length of each one's queue.
drop index runs_queued_of_tenant;
create index runs_queued_of_tenant on runs (tenant_id, position) where status = 'queued';
create index runs_to_wake_of_tenant on runs (tenant_id, wake_at) where status = 'waiting' and wake_at is not null;
