import type { Purge } from '../../port/retention-store.ts';

/**
 * How long the rows of every table are kept. A test compares this list with the database: a table that nobody has thought about
 * fails it.
 *
 * - `session`: goes with its session
 * - `purged`: rows that are over go after the days of a setting
 * - `cut`: whole segments of a chain are verified and go after the days of a setting
 * - `added-up`: rows become one row a day after the days of a setting
 * - `own`: its part of the platform removes what is over by itself
 * - `kept`: until somebody deletes it, or for ever
 */
type Rule =
  | { kind: 'session' }
  | { kind: 'purged'; what: Purge }
  | { kind: 'cut'; setting: 'auditDays' }
  | { kind: 'added-up'; to: string }
  | { kind: 'own'; by: string }
  | { kind: 'kept'; why: string };

/** Every table and what becomes of its rows. */
export const retentionTable: Readonly<Record<string, Rule>> = {
  agent_definitions: { kind: 'purged', what: 'definitions' },
  api_keys: { kind: 'purged', what: 'keys' },
  approval_links: { kind: 'session' },
  approvals: { kind: 'session' },
  artifacts: { kind: 'session' },
  audit_heads: { kind: 'kept', why: 'the beginning and the end of each chain' },
  audit_log: { kind: 'cut', setting: 'auditDays' },
  authorization_requests: { kind: 'own', by: 'adapter/sql/statement/authorization-request.ts' },
  browser_sessions: { kind: 'purged', what: 'browsers' },
  browser_windows: { kind: 'session' },
  budget_alerts: { kind: 'purged', what: 'alerts' },
  budget_usage: { kind: 'purged', what: 'accounts' },
  budgets: { kind: 'kept', why: 'until somebody deletes them' },
  cached_answers: { kind: 'purged', what: 'answers' },
  effects: { kind: 'session' },
  events: { kind: 'session' },
  grants: { kind: 'kept', why: 'until somebody withdraws them' },
  ledger: { kind: 'added-up', to: 'usage_days' },
  login_tokens: { kind: 'purged', what: 'logins' },
  migrations: { kind: 'kept', why: 'what the database is' },
  oauth_clients: { kind: 'kept', why: 'what the platform is called where it has registered itself' },
  rate_buckets: { kind: 'own', by: 'composition/tidy-limits.ts' },
  run_signals: { kind: 'session' },
  runs: { kind: 'session' },
  schedules: { kind: 'kept', why: 'until somebody deletes them' },
  secrets: { kind: 'kept', why: 'until somebody deletes them' },
  sessions: { kind: 'session' },
  tenants: { kind: 'kept', why: 'until somebody deletes them' },
  usage_days: { kind: 'kept', why: 'a row a day, model, agent and user: what the ledger was added up to' },
  users: { kind: 'kept', why: 'until somebody deletes them' },
  webhook_deliveries: { kind: 'own', by: 'application/webhook/webhook-jobs.ts' },
  webhooks: { kind: 'kept', why: 'until somebody deletes them' },
  workers: { kind: 'own', by: 'adapter/sql/statement/heartbeat.ts' },
  workspaces: { kind: 'session' },
};
