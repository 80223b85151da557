import type { Purge } from '../../../port/retention-store.ts';
import { statement } from '../statement.ts';

/** Every tenant. */
export const readTenantIds = statement<{ tenant_id: string }, readonly []>(
  'read-tenant-ids',
  'select tenant_id from tenants order by tenant_id',
);

/** A piece of the tenant's sessions, and which of them are old. Child sessions go with the run that started them. */
export const readOldSessions = statement<
  { id: string; is_old: boolean },
  readonly [tenantId: string, olderThanDays: number, after: string, limit: number]
>(
  'read-old-sessions',
  `
  select id, updated_at < now() - $2::integer * interval '1 day' and not exists (
      select 1 from runs where runs.session_id = piece.id and status in ('queued', 'running', 'waiting')
    ) as is_old
  from (
    select id, updated_at from sessions
    where tenant_id = $1 and parent_run_id is null and id > $3 order by id limit $4
  ) piece`,
);

type PurgeValues = readonly [olderThanDays: number, limit: number];

function purge(name: string, table: string, condition: string) {
  return statement<{ gone: number }, PurgeValues>(
    `purge-${name}`,
    `with gone as (
       delete from ${table} where ctid = any(array(select ctid from ${table} where ${condition} limit $2)) returning 1
     ) select count(*)::integer as gone from gone`,
  );
}

const before = `now() - $1::integer * interval '1 day'`;

/** One statement for each kind of row that is removed when it has been over for some days. */
export const purgeStatements: Readonly<Record<Purge, ReturnType<typeof purge>>> = {
  // The day or month of an account stands at the end of its name; a run's or session's account goes with it.
  accounts: purge(
    'accounts',
    'budget_usage',
    `reserved = 0 and (
       (account ~ '/day/[0-9-]{10}$' and right(account, 10) < to_char(${before}, 'YYYY-MM-DD'))
       or (account ~ '/month/[0-9-]{7}$' and right(account, 7) < to_char(${before}, 'YYYY-MM'))
       or (account like 'run/%' and not exists (select 1 from runs where id = split_part(account, '/', 2)))
       or (account like 'session/%' and not exists (select 1 from sessions where id = split_part(account, '/', 2)))
     )`,
  ),
  alerts: purge('alerts', 'budget_alerts', `at < ${before}`),
  answers: purge('answers', 'cached_answers', `expires_at < ${before}`),
  definitions: purge(
    'definitions',
    'agent_definitions',
    `created_at < ${before}
     and not exists (select 1 from runs where runs.definition_hash = agent_definitions.hash and runs.tenant_id = agent_definitions.tenant_id)`,
  ),
  keys: purge('keys', 'api_keys', `least(revoked_at, expires_at) < ${before}`),
  logins: purge('logins', 'login_tokens', `expires_at < ${before}`),
  browsers: purge('browsers', 'browser_sessions', `expires_at < ${before}`),
};
