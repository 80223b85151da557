import type { TeamFrontMatter } from '@batuta/contract';
import type { AccessDependencies, SessionLimits } from '../application/access/access-dependencies.ts';
import { makeCronCalendar } from '../adapter/cron-croner/croner-calendar.ts';
import { TenantSettingsReader } from '../application/access/tenant-settings.ts';
import type { Application } from '../application/application.ts';
import { MemoryRateLimiter } from '../adapter/rate-limiter-memory/memory-rate-limiter.ts';
import { defineAnchorJob } from '../application/audit/anchor-audit.ts';
import { AuditCollector } from '../application/audit/audit-collector.ts';
import type { ConsentPlace } from '../application/authorization/authorizations.ts';
import { LiveViews, type LiveParts } from '../application/browser/live-views.ts';
import { composeMoney } from '../application/budget/compose-money.ts';
import { createApplication } from '../application/create-application.ts';
import { LimitKeeper, type LimitSettings } from '../application/limit/limits.ts';
import { SteadyRateLimiter } from '../application/limit/steady-rate-limiter.ts';
import type { ModelCaller } from '../application/model/call-model.ts';
import { PolicyBook } from '../application/policy/policy-book.ts';
import { LiveFeed } from '../application/stream/live-feed.ts';
import { Streams } from '../application/stream/streams.ts';
import type { EngineContext, EngineSettings } from '../application/turn/engine-context.ts';
import type { RunNotifier } from '../application/worker/run-notifier.ts';
import { TerminalDesk, type TerminalParts } from '../application/terminal/terminal-desk.ts';
import { Announcer } from '../application/webhook/announcer.ts';
import type { WebhookContext, WebhookSettings } from '../application/webhook/webhook-context.ts';
import type { RetentionDays } from '../application/retention/apply-retention.ts';
import { defineRetentionJob } from '../application/retention/retention-job.ts';
import { daysOf } from '../application/retention/tenant-days.ts';
import { defineWebhookJobs } from '../application/webhook/webhook-jobs.ts';
import { Worker, type WorkerSettings } from '../application/worker/worker.ts';
import type { Redactor } from '../application/redaction/redactor.ts';
import type { SecretVault } from '../application/secret/secret-vault.ts';
import type { AccessStore } from '../port/access-store.ts';
import type { ProjectPolicies } from '../domain/policy/project-policies.ts';
import { makeToolSearch } from '../adapter/tool-search-minisearch/minisearch-tool-search.ts';
import type { ArgumentResolver } from '../port/argument-resolver.ts';
import type { AgentCatalogue } from '../port/agent-catalogue.ts';
import type { ApprovalStore } from '../port/approval-store.ts';
import type { AnswerCache } from '../port/answer-cache.ts';
import type { ArtifactStore } from '../port/artifact.ts';
import type { BackupSpool } from '../port/backup.ts';
import type { AuditArchive, AuditStore } from '../port/audit-log.ts';
import type { BudgetStore } from '../port/budget-store.ts';
import type { Bus } from '../port/bus.ts';
import type { Clock } from '../port/clock.ts';
import type { Database } from '../port/database.ts';
import type { Embedder } from '../port/embedder.ts';
import type { EventLog } from '../port/event-log.ts';
import type { Ids } from '../port/ids.ts';
import type { JobQueue } from '../port/job-queue.ts';
import type { Log } from '../port/log.ts';
import type { ModelRegistry, PriceList } from '../port/model.ts';
import type { Probe } from '../port/probe.ts';
import type { RateLimiter } from '../port/rate-limiter.ts';
import type { RunStore } from '../port/run-store.ts';
import type { GrantStore } from '../port/grant-store.ts';
import type { ScheduleStore } from '../port/schedule-store.ts';
import type { SkillLibrary } from '../port/skill-library.ts';
import type { SessionStore } from '../port/session-store.ts';
import type { KeyStore } from '../port/key-store.ts';
import type { UserStore } from '../port/user-store.ts';
import type { TenantStore } from '../port/tenant-store.ts';
import type { RetentionStore } from '../port/retention-store.ts';
import type { UsageStore } from '../port/usage-store.ts';
import type { ToolCatalogue } from '../port/tool.ts';
import type { WebhookSender } from '../port/webhook-sender.ts';
import type { WebhookStore } from '../port/webhook-store.ts';
import type { SignInParts } from './auth-parts.ts';
import { makeEntrance, type Entrance } from './entrance.ts';

/** Everything that a platform is put together from: adapters behind their ports, and settings. */
export interface PlatformParts {
  database: Database;
  runs: RunStore;
  sessions: SessionStore;
  events: EventLog;
  artifacts: ArtifactStore;
  approvals: ApprovalStore;
  access: AccessStore;
  audits: AuditStore;
  /** How often ends of the audit log's chains are told to the log of the process, in milliseconds; 0: never. */
  anchorMs: number;
  backupSpool: BackupSpool;
  /** The tenant whose administrators look after the whole platform. */
  platformTenant: string;
  tenants: TenantStore;
  rateLimiter: RateLimiter;
  limitSettings: LimitSettings;
  webhooks: WebhookStore;
  schedules: ScheduleStore;
  grants: GrantStore;
  /** Services at which people consent. */
  consentPlaces: readonly ConsentPlace[];
  webhookDelivery: { sender: WebhookSender; settings: WebhookSettings };
  keys: KeyStore;
  users: UserStore;
  sessionLimits: SessionLimits;
  /** Absent: only keys and login links let people in. */
  signIn?: SignInParts;
  bus: Bus;
  /** Null or absent: people cannot sit at terminals. */
  terminals?: TerminalParts | null;
  /** Null where nothing is done in the background. */
  jobs: JobQueue | null;
  agents: AgentCatalogue;
  tools: ToolCatalogue;
  /** Absent: the project has none. */
  skills?: SkillLibrary;
  /** Rules of the project besides those in agent files. */
  projectPolicies: ProjectPolicies;
  resolver: ArgumentResolver;
  models: ModelRegistry;
  answers: AnswerCache;
  usage: UsageStore;
  retention: RetentionStore;
  /** Keeps what retention cuts away of audit logs; null: nobody does. */
  auditArchive: AuditArchive | null;
  /** Days for which things are kept that are over. */
  retentionDays: RetentionDays;
  prices: PriceList;
  /** Where days and months of budgets and reports begin. */
  timeZone: string;
  embedder: Embedder | null;
  callModel: ModelCaller;
  budgets: BudgetStore;
  teams: readonly TeamFrontMatter[];
  clock: Clock;
  ids: Ids;
  log: Log;
  redactor: Redactor;
  vault: SecretVault;
  probe: Probe;
  randomBytes: (count: number) => Uint8Array;
  engineSettings: EngineSettings;
  /** What people see of browsers; null or absent in a process that has none. */
  live?: Pick<LiveParts, 'sessions' | 'limits'> | null;
  /** Null in a process that only serves the API. */
  workerSettings: WorkerSettings | null;
  queueLimit: number;
  version: string;
}

/** A platform without a door. */
export interface ComposedPlatform {
  application: Application;
  accessDependencies: AccessDependencies;
  worker: Worker | null;
  streams: Streams;
  /** Writes what was recorded and not written yet: the last thing before the database is closed. */
  flushAudit(): Promise<void>;
  /** Begins to claim runs. */
  start(): void;
  /** Accepts nothing more, gives leases back, ends streams with a hint to connect again. */
  stop(graceMs: number): Promise<void>;
}

/** Puts a platform together. Nothing runs before `start`. */
export function composePlatform(parts: PlatformParts): ComposedPlatform {
  const audit = new AuditCollector({ ...parts, store: parts.audits });
  const feed = new LiveFeed(parts);
  const workers: Worker[] = [];
  const tenantSettings = new TenantSettingsReader(parts.tenants, parts.clock);
  const limits = makeLimits(parts, tenantSettings);
  const engine = makeEngine(parts, { feed, limits, audit, tenantSettings, workers });
  const live = makeLive(parts, audit);
  const worker = makeWorker(engine, parts.workerSettings, workers);
  const entrance = makeEntrance(parts);
  const staying = makeStaying(parts, feed, entrance);
  let isStopping = false;
  const application = createApplication({
    ...parts,
    ...entrance,
    engine,
    worker,
    live,
    ...staying,
    limits,
    audit,
    ...defineJobs(parts, { tenantSettings, notify: engine.notify }),
    backup: backupParts(parts),
    isStopping: () => isStopping,
  });
  return {
    application,
    accessDependencies: entrance.accessDependencies,
    worker,
    streams: staying.streams,
    flushAudit: () => audit.close(),
    start: () => startWorker(worker, engine, parts.bus),
    stop: async (graceMs) => {
      isStopping = true;
      live?.stop();
      await Promise.all([worker?.stop(graceMs), parts.jobs?.stop(graceMs), staying.terminalDesk.stop()]);
      staying.streams.interruptAll();
      await Promise.all([limits.stop(), entrance.flush()]);
      await audit.flush();
    },
  };
}

function makeEngine(
  parts: PlatformParts,
  {
    workers,
    ...made
  }: Pick<EngineContext, 'feed' | 'limits' | 'audit' | 'tenantSettings'> & { workers: Worker[] },
): EngineContext {
  return {
    ...parts,
    toolSearch: makeToolSearch(),
    ...made,
    policies: new PolicyBook({ project: parts.projectPolicies, tenantSettings: made.tenantSettings }),
    notify: notifier(parts, workers),
    settings: parts.engineSettings,
    money: composeMoney(parts, parts.engineSettings.budget),
  };
}

function makeLive({ live, clock }: PlatformParts, audit: AuditCollector): LiveViews | null {
  return live ? new LiveViews({ ...live, audit, clock }) : null;
}

/** What somebody has open for longer than a request takes. */
function makeStaying(parts: PlatformParts, feed: LiveFeed, { standings }: Pick<Entrance, 'standings'>) {
  const streams = new Streams({ ...parts, feed, standings });
  return { streams, terminalDesk: new TerminalDesk({ ...parts, standings }) };
}

function makeWorker(
  engine: EngineContext,
  settings: WorkerSettings | null,
  workers: Worker[],
): Worker | null {
  if (!settings) return null;
  const worker = new Worker(engine, settings);
  workers.push(worker);
  return worker;
}

/** Files may give more money than those of the process before this one: runs that wait for it try again. */
function startWorker(worker: Worker | null, { money, log }: EngineContext, bus: Bus): void {
  if (!worker) return;
  worker.start(bus);
  money.store
    .wakeWaiting(null)
    .catch((error: unknown) => log.warn('runs that wait for a budget cannot be woken', { error }));
}

function backupParts({ database, backupSpool: spool, platformTenant }: PlatformParts) {
  return { database, spool, platformTenant };
}

/** Limits go on when the store that they share does not answer: each process then counts by itself. */
function makeLimits(parts: PlatformParts, tenantSettings: TenantSettingsReader): LimitKeeper {
  const own = new MemoryRateLimiter(parts.clock);
  return new LimitKeeper({
    ...parts,
    limiter: new SteadyRateLimiter({ ...parts, shared: parts.rateLimiter, own }),
    settings: parts.limitSettings,
    planOfTenant: async (tenantId) => (await tenantSettings.read(tenantId)).plan,
  });
}

/** Declares what is done in the background; gives what webhooks are delivered with, and what tells the times of schedules. */
function defineJobs(
  parts: PlatformParts,
  { tenantSettings, notify }: { tenantSettings: TenantSettingsReader; notify: RunNotifier },
) {
  const webhook: WebhookContext = { ...parts, ...parts.webhookDelivery, random: Math.random };
  const made = { webhook, calendar: makeCronCalendar() };
  if (!parts.jobs) return made;
  defineWebhookJobs(webhook, parts.jobs);
  const daysOfTenant = async (tenantId: string) => daysOf((await tenantSettings.read(tenantId)).retention);
  defineAnchorJob({ ...parts, announced: (...told) => notify.announced(...told) }, parts.jobs);
  defineRetentionJob({ ...parts, days: parts.retentionDays, daysOfTenant }, parts.jobs);
  return made;
}

/** Tells the worker of this process directly and those of others over the bus. */
function notifier(parts: PlatformParts, workers: readonly Worker[]): RunNotifier {
  const { bus, jobs } = parts;
  const announcer = jobs && new Announcer({ ...parts, jobs });
  return {
    announced: (tenantId, webhookIds) => announcer?.announced(tenantId, webhookIds),
    queued: (runId) => {
      for (const worker of workers) worker.queued(runId);
      if (bus.remote) bus.publish({ kind: 'run-queued', runId });
    },
    signalled: (runId) => {
      for (const worker of workers) worker.signalled(runId);
      if (bus.remote) bus.publish({ kind: 'run-signalled', runId });
    },
  };
}
