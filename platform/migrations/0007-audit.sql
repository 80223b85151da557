--! additive
-- The audit log and secrets.

-- What somebody did, was let do or was refused. Rows are only ever appended, by append_audit; no role of the platform may
-- change or remove one. Each row carries the hash of itself and of the row before it, so that a change shows
-- (`batuta audit verify`). before and after are json, which keeps the text that was hashed.
create table audit_log (
  tenant_id text collate "C" not null,
  seq bigint not null check (seq > 0),
  at timestamptz(3) not null,
  kind text collate "C" not null check (kind in ('access', 'change', 'decision', 'security')),
  action text collate "C" not null,
  actor_kind text collate "C" not null check (actor_kind in ('user', 'key', 'system', 'anonymous')),
  actor text collate "C" not null,
  actor_name text,
  key_id text collate "C",
  target text,
  outcome text collate "C" not null check (outcome in ('succeeded', 'refused', 'failed')),
  reason text,
  address text collate "C",
  user_agent text,
  -- How often it happened within the moment that this row stands for.
  count integer not null check (count > 0),
  before json,
  after json,
  hash text collate "C" not null,
  primary key (tenant_id, seq)
);
create index audit_log_by_time on audit_log (tenant_id, at);

-- The end of each tenant's chain. Its row is locked from an append to the end of the transaction, so that appends form a line.
create table audit_heads (
  tenant_id text collate "C" primary key,
  seq bigint not null,
  hash text collate "C" not null
) with (fillfactor = 50);

-- A value with its length in bytes, so that no two lists of values are the same text; a missing one is a dash.
create function audit_field(value text) returns text language sql immutable parallel safe
  return coalesce(octet_length(value)::text || ':' || value, '-');

-- The hash of a row: SHA-256 over the hash of the row before it and every column in the order of the table.
-- domain/audit/hash-row.ts computes the same.
create function audit_hash(previous text, entry audit_log) returns text language sql stable parallel safe
  return encode(sha256(convert_to(
    audit_field(previous) || audit_field(entry.tenant_id) || audit_field(entry.seq::text)
      || audit_field(floor(extract(epoch from entry.at) * 1000)::bigint::text) || audit_field(entry.kind)
      || audit_field(entry.action) || audit_field(entry.actor_kind) || audit_field(entry.actor)
      || audit_field(entry.actor_name) || audit_field(entry.key_id) || audit_field(entry.target)
      || audit_field(entry.outcome) || audit_field(entry.reason) || audit_field(entry.address)
      || audit_field(entry.user_agent) || audit_field(entry.count::text) || audit_field(entry.before::text)
      || audit_field(entry.after::text),
    'UTF8')), 'hex');

-- The only way to add rows: to the chain of the tenant that the transaction names. Runs with the rights of the owner of the
-- tables, because its callers have none but to read. `entries` is a JSON array of rows.
create function append_audit(entries json) returns bigint language plpgsql security definer
set search_path = batuta, pg_temp as $$
declare
  tenant constant text := current_setting('batuta.tenant', true);
  head audit_heads;
  entry audit_log;
  item json;
begin
  if coalesce(tenant, '') = '' then
    raise exception 'append_audit needs a tenant: set batuta.tenant in the transaction';
  end if;
  select * into head from audit_heads where tenant_id = tenant for update;
  if not found then
    insert into audit_heads (tenant_id, seq, hash) values (tenant, 0, '') on conflict do nothing;
    select * into head from audit_heads where tenant_id = tenant for update;
  end if;
  for item in select value from json_array_elements(entries) loop
    entry := json_populate_record(null::audit_log, item);
    entry.tenant_id := tenant;
    entry.seq := head.seq + 1;
    entry.at := date_trunc('milliseconds', coalesce(entry.at, now()));
    entry.hash := audit_hash(head.hash, entry);
    insert into audit_log values (entry.*);
    head.seq := entry.seq;
    head.hash := entry.hash;
  end loop;
  update audit_heads set seq = head.seq, hash = head.hash where tenant_id = tenant;
  return head.seq;
end
$$;
revoke all on function append_audit(json) from public;
grant execute on function append_audit(json) to batuta_app, batuta_system;

-- Values that tools and providers need, encrypted before they come here. key_id names the key of the key ring.
create table secrets (
  tenant_id text collate "C" not null,
  name text collate "C" not null,
  key_id text collate "C" not null,
  nonce bytea not null,
  ciphertext bytea not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  updated_by text not null,
  primary key (tenant_id, name)
);

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['audit_log', 'audit_heads', 'secrets']
  loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format('create policy one_tenant on %I to batuta_app using (tenant_id = current_setting(''batuta.tenant'', true))',
      tenant_table);
    execute format('grant select on %I to batuta_app', tenant_table);
  end loop;
end
$$;
grant insert, update, delete on secrets to batuta_app;

-- For the owner of append_audit, who is held to row-level security, too, unless it is a superuser.
create policy own_chain on audit_log using (tenant_id = current_setting('batuta.tenant', true));
create policy own_chain on audit_heads using (tenant_id = current_setting('batuta.tenant', true));

-- Which keys are in use, over all tenants: known at the start, and where a rotation has work left.
create policy keys_of_any on secrets for select to batuta_system using (true);
grant select (tenant_id, key_id) on secrets to batuta_system;
