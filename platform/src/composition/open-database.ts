import type { AccessStore } from '../port/access-store.ts';
import type { AnswerCache } from '../port/answer-cache.ts';
import type { ApprovalStore } from '../port/approval-store.ts';
import type { ArtifactStore } from '../port/artifact.ts';
import type { AuditStore } from '../port/audit-log.ts';
import type { BudgetStore } from '../port/budget-store.ts';
import type { Database } from '../port/database.ts';
import type { EventLog } from '../port/event-log.ts';
import type { Log } from '../port/log.ts';
import type { RateLimiter } from '../port/rate-limiter.ts';
import type { RunStore } from '../port/run-store.ts';
import type { SecretStore } from '../port/secret-store.ts';
import type { GrantStore } from '../port/grant-store.ts';
import type { ScheduleStore } from '../port/schedule-store.ts';
import type { SessionStore } from '../port/session-store.ts';
import type { KeyStore } from '../port/key-store.ts';
import type { UserStore } from '../port/user-store.ts';
import type { TenantStore } from '../port/tenant-store.ts';
import type { WindowStateStore } from '../port/window-state-store.ts';
import type { WorkspaceStore } from '../port/workspace-store.ts';
import type { WebhookStore } from '../port/webhook-store.ts';
import type { RetentionStore } from '../port/retention-store.ts';
import type { UsageStore } from '../port/usage-store.ts';
import { SqlAccessStore } from '../adapter/sql/access-store.ts';
import { SqlRetentionStore } from '../adapter/sql/retention-store.ts';
import { SqlUsageStore } from '../adapter/sql/usage-store.ts';
import { SqlAnswerCache } from '../adapter/sql/answer-cache.ts';
import { SqlApprovalStore } from '../adapter/sql/approval-store.ts';
import { SqlArtifactStore } from '../adapter/sql/artifact-store.ts';
import { SqlAuditStore } from '../adapter/sql/audit-store.ts';
import { SqlBudgetStore } from '../adapter/sql/budget-store.ts';
import { SqlDatabase, type Engine } from '../adapter/sql/database.ts';
import { SqlEventLog } from '../adapter/sql/event-log.ts';
import { readMigrations, type Migration } from '../adapter/sql/migration.ts';
import { SqlRateLimiter } from '../adapter/sql/rate-limiter.ts';
import { SqlRunStore } from '../adapter/sql/run-store.ts';
import { SqlSecretStore } from '../adapter/sql/secret-store.ts';
import { SqlGrantStore } from '../adapter/sql/grant-store.ts';
import { SqlScheduleStore } from '../adapter/sql/schedule-store.ts';
import { SqlSessionStore } from '../adapter/sql/session-store.ts';
import { SqlKeyStore } from '../adapter/sql/key-store.ts';
import { SqlUserStore } from '../adapter/sql/user-store.ts';
import { SqlTenantStore } from '../adapter/sql/tenant-store.ts';
import { SqlWindowStateStore } from '../adapter/sql/window-state-store.ts';
import { SqlWorkspaceStore } from '../adapter/sql/workspace-store.ts';
import { SqlWebhookStore } from '../adapter/sql/webhook-store.ts';
import { Transactor } from '../adapter/sql/transactor.ts';

export type { Engine };
export type { Migration };

/** Which database, and the limits of using it. */
export type DatabaseOptions = ({ url: string } | { directory: string } | { memory: true }) & DatabaseLimits;

/** Limits of a database; each has a default. */
export interface DatabaseLimits {
  /** Connections of this process to a PostgreSQL server (10). */
  poolSize?: number;
  /** Longest wait for a connection (5 s). */
  connectTimeoutMs?: number;
  /** Longest time of one statement (30 s). */
  statementTimeoutMs?: number;
  /** Told when a new embedded database takes long to make. */
  log?: Log;
  /** Told of each sync of the embedded database. */
  onSync?: () => void;
  /** Instead of the migrations that come with the program. */
  migrations?: readonly Migration[];
}

/** Everything that is stored, behind the ports. */
export interface Stores {
  runs: RunStore;
  sessions: SessionStore;
  events: EventLog;
  artifacts: ArtifactStore;
  approvals: ApprovalStore;
  access: AccessStore;
  rateLimiter: RateLimiter;
  audits: AuditStore;
  answers: AnswerCache;
  usage: UsageStore;
  secrets: SecretStore;
  retention: RetentionStore;
  tenants: TenantStore;
  keys: KeyStore;
  users: UserStore;
  budgets: BudgetStore;
  webhooks: WebhookStore;
  workspaceStore: WorkspaceStore;
  windowStates: WindowStateStore;
  schedules: ScheduleStore;
  grants: GrantStore;
}

/** An open database. It must be migrated before its stores are used. */
export interface OpenDatabase extends Stores {
  database: Database;
  /** What the stores stand on, for tests. */
  engine: Engine;
}

/** Opens a PostgreSQL database or the embedded one. Errors: `database-unreachable`, `data-directory-locked`, `data-directory-unusable`. */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const engine = await openEngine(options);
  const database = new SqlDatabase(engine, options.migrations ?? readMigrations());
  return { database, engine, ...storesOver(engine) };
}

/** New stores over an open database; they share nothing but its connections. */
export function storesOver(engine: Engine): Stores {
  const transactor = new Transactor(engine.connect, engine.address);
  const urgent = new Transactor(engine.connectUrgently ?? engine.connect, engine.address);
  return {
    runs: new SqlRunStore(transactor, urgent),
    sessions: new SqlSessionStore(transactor),
    events: new SqlEventLog(transactor),
    artifacts: new SqlArtifactStore(transactor),
    approvals: new SqlApprovalStore(transactor),
    access: new SqlAccessStore(transactor),
    rateLimiter: new SqlRateLimiter(transactor),
    audits: new SqlAuditStore(transactor),
    answers: new SqlAnswerCache(transactor),
    usage: new SqlUsageStore(transactor),
    secrets: new SqlSecretStore(transactor),
    retention: new SqlRetentionStore(transactor),
    tenants: new SqlTenantStore(transactor),
    keys: new SqlKeyStore(transactor),
    users: new SqlUserStore(transactor),
    budgets: new SqlBudgetStore(transactor),
    webhooks: new SqlWebhookStore(transactor),
    workspaceStore: new SqlWorkspaceStore(transactor),
    windowStates: new SqlWindowStateStore(transactor),
    schedules: new SqlScheduleStore(transactor),
    grants: new SqlGrantStore(transactor),
  };
}

/** Loads only what the chosen kind needs: the embedded one alone takes 4 MB before it is opened. */
async function openEngine(options: DatabaseOptions): Promise<Engine> {
  const { poolSize = 10, connectTimeoutMs = 5000, statementTimeoutMs = 30_000 } = options;
  if ('url' in options) {
    const { openPostgres } = await import('../adapter/postgres/open-postgres.ts');
    return await openPostgres({ url: options.url, poolSize, connectTimeoutMs, statementTimeoutMs });
  }
  const { openPgliteDirectory, openPgliteMemory } = await import('../adapter/pglite/open-pglite.ts');
  if ('memory' in options) return await openPgliteMemory(statementTimeoutMs);
  const { directory, log, onSync } = options;
  return await openPgliteDirectory({ directory, statementTimeoutMs, log, onSync });
}
