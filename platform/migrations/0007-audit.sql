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
  hash text collate "C" not null,
  -- The last row that retention has cut away, and its hash: the first row that is left follows it. An entry audit-cut of the
  -- chain says the same, so that nobody can move this unseen.
  base_seq bigint not null default 0,
  base_hash text collate "C" not null default '',
  -- Up to where the chain was told outside of the database.
  anchored_seq bigint not null default 0,
  anchored_at timestamptz(3)
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
-- The only way to remove rows: the beginning of the tenant's chain up to a row, after every hash of it was computed again in the
-- transaction that removes it, and with the entry that says so. False: it is not whole, or not what the caller has verified; nothing
-- is removed then. The last row always stays.
create function cut_audit(cut_seq bigint, cut_hash text, entry json) returns boolean language plpgsql security definer
set search_path = batuta, pg_temp as $$
declare
  tenant constant text := current_setting('batuta.tenant', true);
  head audit_heads;
  entry_row audit_log;
  last_seq bigint;
  last_hash text;
begin
  select * into head from audit_heads where tenant_id = tenant for update;
  if not found or cut_seq <= head.base_seq or cut_seq >= head.seq then return false; end if;
  last_seq := head.base_seq;
  last_hash := head.base_hash;
  for entry_row in select * from audit_log where tenant_id = tenant and seq <= cut_seq order by seq loop
    if entry_row.seq <> last_seq + 1 or entry_row.hash is distinct from audit_hash(last_hash, entry_row) then return false; end if;
    last_seq := entry_row.seq;
    last_hash := entry_row.hash;
  end loop;
  if last_seq <> cut_seq or last_hash <> cut_hash then return false; end if;
  delete from audit_log where tenant_id = tenant and seq <= cut_seq;
  update audit_heads set base_seq = cut_seq, base_hash = cut_hash where tenant_id = tenant;
  perform append_audit(json_build_array(entry));
  return true;
end
$$;

-- Takes note that the end of the tenant's chain is told outside. No row: it was told already.
create function anchor_audit() returns table (seq bigint, hash text) language sql security definer
set search_path = batuta, pg_temp as $$
  update audit_heads head set anchored_seq = head.seq, anchored_at = now()
  where head.tenant_id = current_setting('batuta.tenant', true) and head.seq > head.anchored_seq
  returning head.seq, head.hash
$$;
revoke all on function append_audit(json), cut_audit(bigint, text, json), anchor_audit() from public;
grant execute on function cut_audit(bigint, text, json), anchor_audit() to batuta_app;
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

-- Over all tenants: whose chain has grown since it was told outside.
create policy anchor_any on audit_heads for select to batuta_system using (true);
grant select (tenant_id, seq, anchored_seq, anchored_at) on audit_heads to batuta_system;

-- Which keys are in use, over all tenants: known at the start, and where a rotation has work left.
create policy keys_of_any on secrets for select to batuta_system using (true);
grant select (tenant_id, key_id) on secrets to batuta_system;
