--! additive
-- Usage by day, cached answers.

-- Answers that are given again when the same is asked. They go with the session that they come from.
create table cached_answers (
  id text collate "C" primary key,
  tenant_id text collate "C" not null,
  session_id text collate "C" not null,
  -- Agent version, tools and models: an answer is never given by another agent or another version of it.
  partition text collate "C" not null,
  -- Hash of everything that was asked.
  key text collate "C" not null,
  model text not null,
  parts json not null,
  cost_micros bigint,
  -- For questions that mean the same: the question and its place in the space of meanings; null where that is not wanted.
  question text,
  embedding real[],
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  unique (tenant_id, partition, key)
);
create index cached_answers_by_session on cached_answers (session_id);
create index cached_answers_by_expiry on cached_answers (tenant_id, expires_at);
create index cached_answers_embedded on cached_answers (tenant_id, partition, created_at desc) where embedding is not null;

alter table cached_answers enable row level security;
alter table cached_answers force row level security;
create policy one_tenant on cached_answers to batuta_app using (tenant_id = current_setting('batuta.tenant', true));
grant select, insert, update, delete on cached_answers to batuta_app;

-- Tokens of each call, and whose it was, beside what it cost.
alter table ledger
  add column input_tokens bigint not null default 0,
  add column cached_input_tokens bigint not null default 0,
  add column cache_write_tokens bigint not null default 0,
  add column output_tokens bigint not null default 0,
  add column reasoning_tokens bigint not null default 0;
create index ledger_spent on ledger (tenant_id, at) where kind in ('settle', 'lost');

-- Old movements of money, added up by day (retention): the same question has the same answer as before.
create table usage_days (
  tenant_id text collate "C" not null,
  day date not null,
  model text not null,
  agent text collate "C" not null,
  user_id text collate "C" not null,
  calls bigint not null,
  input_tokens bigint not null,
  cached_input_tokens bigint not null,
  cache_write_tokens bigint not null,
  output_tokens bigint not null,
  reasoning_tokens bigint not null,
  micros bigint not null,
  primary key (tenant_id, day, model, agent, user_id)
);
alter table usage_days enable row level security;
alter table usage_days force row level security;
create policy one_tenant on usage_days to batuta_app using (tenant_id = current_setting('batuta.tenant', true));
grant select, insert, update, delete on usage_days to batuta_app;
