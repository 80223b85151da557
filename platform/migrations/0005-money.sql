--! additive
-- Budgets and what has been spent under them.

create table budgets (
  id text collate "C" primary key,
  tenant_id text collate "C" not null,
  name text not null,
  scope text collate "C" not null check (scope in ('run', 'session', 'agent', 'user', 'team', 'tenant')),
  subject text collate "C",
  per text collate "C" not null check (per in ('run', 'session', 'day', 'month', 'total')),
  limit_micros bigint not null check (limit_micros > 0),
  hard boolean not null,
  on_limit text collate "C" not null check (on_limit in ('wait', 'fail')),
  alerts integer[] not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create index budgets_by_tenant on budgets (tenant_id, id);

-- What an account has spent and reserved, in micro-dollars. An account is a subject of budgets in a period: `agent/support/day/2026-11-21`.
-- Slice 0 is the account itself, the others take charges while its limit is far, so that one row does not make all runs wait for each
-- other: `lent` is what slice 0 has given to all slices, and what a slice was given. Nothing is lost while, for each account,
-- slice 0 keeps spent + reserved + lent within the limit and each slice keeps spent + reserved within what it was lent.
-- Changed by every turn under a budget: no index but the key, and room in its page, so that a charge touches no index.
create table budget_usage (
  tenant_id text collate "C" not null,
  account text collate "C" not null,
  slice smallint not null,
  spent bigint not null,
  reserved bigint not null,
  lent bigint not null default 0,
  primary key (tenant_id, account, slice)
) with (fillfactor = 20);

create table budget_alerts (
  tenant_id text collate "C" not null,
  account text collate "C" not null,
  limit_micros bigint not null,
  threshold integer not null,
  run_id text collate "C" not null,
  at timestamptz(3) not null default now(),
  primary key (tenant_id, account, limit_micros, threshold)
);

-- A reservation is made once and closed once, however it is closed.
alter table ledger drop constraint ledger_kind_check;
alter table ledger add constraint ledger_kind_check check (kind in ('reserve', 'settle', 'release', 'lost'));
alter table ledger add column agent text collate "C";
alter table ledger add column user_id text collate "C";
alter table ledger add column closing boolean not null generated always as (kind <> 'reserve') stored;
alter table ledger drop constraint ledger_pkey;
alter table ledger add constraint ledger_pkey primary key (run_id, reservation_id, closing);

-- The runs above a child run: what it spends is charged to their accounts, too.
alter table runs add column ancestors json;
create index runs_waiting_for_budget on runs (tenant_id) where status = 'waiting' and waiting_for = 'budget';

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['budgets', 'budget_usage', 'budget_alerts']
  loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format('create policy one_tenant on %I to batuta_app using (tenant_id = current_setting(''batuta.tenant'', true))',
      tenant_table);
    execute format('grant select, insert, update, delete on %I to batuta_app', tenant_table);
  end loop;
end
$$;
