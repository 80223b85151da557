import { BatutaError } from '@batuta/contract';
import type { AccessStore } from '../port/access-store.ts';
import type { AuditLog, AuditStore } from '../port/audit-log.ts';
import type { ApprovalStore } from '../port/approval-store.ts';
import type { Database } from '../port/database.ts';
import type { JobQueue } from '../port/job-queue.ts';
import type { PriceList } from '../port/model.ts';
import type { CronCalendar } from '../port/cron-calendar.ts';
import type { GrantStore } from '../port/grant-store.ts';
import type { ScheduleStore } from '../port/schedule-store.ts';
import type { SkillLibrary } from '../port/skill-library.ts';
import type { SessionStore } from '../port/session-store.ts';
import type { UsageStore } from '../port/usage-store.ts';
import type { KeyStore } from '../port/key-store.ts';
import type { UserStore } from '../port/user-store.ts';
import type { TenantStore } from '../port/tenant-store.ts';
import { getAgent, listAgents } from './agent/agents.ts';
import { getSkill, listSkills, noSkills } from './agent/skills.ts';
import type { Application } from './application.ts';
import type { ConsentPlace } from './authorization/authorizations.ts';
import { authorizationUseCases } from './authorization/authorization-use-cases.ts';
import { exportAudit, listAudit } from './audit/audits.ts';
import { recordAccess } from './audit/record-access.ts';
import { verifyAudit } from './audit/verify-audit.ts';
import { getApproval, listApprovals } from './approval/approvals.ts';
import { createApprovalLink, decideByLink, openApprovalLink } from './approval/approval-links.ts';
import { decideApproval } from './approval/decide-approval.ts';
import { listApprovalLinks, revokeApprovalLink } from './approval/revoke-link.ts';
import type { StandingWatch } from './access/standing-watch.ts';
import { whileAllowed } from './access/while-allowed.ts';
import { accessUseCases } from './access/access-use-cases.ts';
import { listArtifacts } from './artifact/list-artifacts.ts';
import { readArtifact } from './artifact/read-artifact.ts';
import type { LiveViews } from './browser/live-views.ts';
import { watchBrowser } from './browser/watch-browser.ts';
import { changeBudget, createBudget, deleteBudget, getBudget, listBudgets } from './budget/budgets.ts';
import { createBackup, type BackupContext } from './backup/create-backup.ts';
import { explainPolicy } from './policy/explain-policy.ts';
import { listPolicies } from './policy/list-policies.ts';
import { readiness } from './health/readiness.ts';
import { redactProblem } from './redaction/redact-problem.ts';
import type { Redactor } from './redaction/redactor.ts';
import type { SecretVault } from './secret/secret-vault.ts';
import { acceptRun } from './run/accept-run.ts';
import { addMessage, cancelRun, getRun, listRuns, retryRun } from './run/runs.ts';
import { waitForEnd } from './run/wait-for-end.ts';
import { defineScheduleJobs } from './schedule/schedule-jobs.ts';
import { scheduleUseCases } from './schedule/schedule-use-cases.ts';
import { readSessionLog } from './session/session-log.ts';
import { deleteSession, forkSession, getSession, listSessions } from './session/sessions.ts';
import { changeOwnTenant, getOwnTenant } from './tenant/own-tenant.ts';
import type { LimitKeeper } from './limit/limits.ts';
import type { Streams } from './stream/streams.ts';
import { getTool } from './tool/get-tool.ts';
import { listTools } from './tool/list-tools.ts';
import { singleTools } from './tool/single-tools.ts';
import { projectCosts } from './usage/project-costs.ts';
import { usageReport } from './usage/usage-report.ts';
import type { EngineContext } from './turn/engine-context.ts';
import type { WebhookContext } from './webhook/webhook-context.ts';
import { webhookUseCases } from './webhook/webhook-use-cases.ts';
import type { Worker } from './worker/worker.ts';

/** What the application is made of, besides the engine. */
export interface ApplicationParts {
  engine: EngineContext;
  access: Application['access'];
  sessions: SessionStore;
  tenants: TenantStore;
  keys: KeyStore;
  users: UserStore;
  approvals: ApprovalStore;
  audit: AuditLog;
  audits: AuditStore;
  redactor: Redactor;
  vault: SecretVault;
  /** The tenant whose administrators look after the whole platform. */
  platformTenant: string;
  database: Database;
  streams: Streams;
  /** Tells what users and keys are now in whose name something goes on. */
  owners: Pick<AccessStore, 'owners'>;
  /** Ends what goes on for somebody who may no longer have it. */
  standings: Pick<StandingWatch, 'watch'>;
  /** Makes a change of keys, users or a tenant count at once. */
  accessChanged: (tenantId: string) => void;
  limits: LimitKeeper;
  terminalDesk: Application['terminals'];
  backup: BackupContext;
  usage: UsageStore;
  prices: PriceList;
  /** Where days and months begin. */
  timeZone: string;
  jobs: JobQueue | null;
  webhook: WebhookContext;
  schedules: ScheduleStore;
  grants: GrantStore;
  consentPlaces: readonly ConsentPlace[];
  calendar: CronCalendar;
  /** Null in a process that only serves the API. */
  worker: Worker | null;
  /** Null in a process that has no browsers. */
  live: LiveViews | null;
  queueLimit: number;
  skills?: SkillLibrary;
  /** Unpredictable bytes; tests give predictable ones. */
  randomBytes: (count: number) => Uint8Array;
  version: string;
  /** True once this process is shutting down: it accepts nothing any more. */
  isStopping: () => boolean;
}

/** Puts the use cases together behind the one interface that all doors share. */
export function createApplication(parts: ApplicationParts): Application {
  const { engine, streams, tenants, skills = noSkills } = parts;
  const runs = runUseCases(parts);
  return {
    access: parts.access,
    tenant: {
      get: (identity) => getOwnTenant(tenants, identity),
      change: (identity, change) =>
        changeOwnTenant({ ...engine, store: tenants, settings: engine.tenantSettings }, identity, change),
    },
    limits: parts.limits,
    ...accessUseCases({ ...parts, ...engine }),
    runs,
    sessions: sessionUseCases(parts),
    browsers: { watch: (identity, sessionId) => watchBrowser(parts, identity, sessionId) },
    terminals: parts.terminalDesk,
    tools: toolUseCases(parts),
    agents: {
      get: (_, name) => getAgent(engine, name),
      list: (_, page) => listAgents(engine, page),
    },
    skills: {
      get: (_, name) => getSkill(skills, name),
      list: (_, page) => listSkills(skills, page),
    },
    approvals: approvalUseCases(parts),
    budgets: budgetUseCases(parts),
    policies: {
      list: (identity, query) => listPolicies(engine, identity.tenantId, query),
      explain: (identity, call) => explainPolicy(engine, identity, call),
    },
    artifacts: {
      list: (identity, filter) => listArtifacts(engine.artifacts, identity, filter),
      read: (identity, id) => readArtifact(engine.artifacts, identity, id),
    },
    audit: auditUseCases(parts),
    usage: {
      report: (identity, query) => usageReport({ ...parts, ...engine }, identity, query),
      project: (identity, query) => projectCosts(parts, identity, query),
    },
    secrets: parts.vault,
    redactProblem: (identity, problem) => redactProblem(parts.redactor, identity, problem),
    webhooks: webhookUseCases(parts.webhook),
    schedules: makeSchedules(parts, runs),
    authorizations: authorizationUseCases({ ...engine, ...parts }),
    backups: { create: (identity) => createBackup(parts.backup, identity) },
    streams: { follow: (identity, target, sink) => streams.follow(identity, target, sink) },
    health: { version: parts.version, readiness: () => readiness(parts) },
  };
}

function toolUseCases({ engine, platformTenant }: ApplicationParts): Application['tools'] {
  const context = { ...engine, platformTenant };
  return {
    list: (identity, request) => listTools(context, identity, request),
    get: (identity, reference) => getTool(context, identity, reference),
    single: (identity) => singleTools(engine, identity),
  };
}

function budgetUseCases(parts: ApplicationParts): Application['budgets'] {
  return {
    list: (identity, page) => listBudgets(parts, identity, page),
    get: (identity, id) => getBudget(parts, identity, id),
    create: (identity, body) => createBudget(parts, identity, body),
    change: (identity, id, body) => changeBudget(parts, identity, { id, body }),
    delete: (identity, id) => deleteBudget(parts, identity, id),
  };
}

function makeSchedules(parts: ApplicationParts, acceptor: Application['runs']): Application['schedules'] {
  const context = { ...parts.engine, ...parts, acceptor };
  if (context.jobs) defineScheduleJobs(context, context.jobs);
  return scheduleUseCases(context);
}

function auditUseCases(parts: ApplicationParts): Application['audit'] {
  return {
    record: (access) => recordAccess(parts, access),
    list: (identity, request) => listAudit(parts, identity, request),
    verify: ({ tenantId }, request) => verifyAudit(parts.audits, tenantId, request),
    export: (identity, filter) => {
      const lines = exportAudit({ ...parts, tenantSettings: parts.engine.tenantSettings }, identity, filter);
      return whileAllowed(parts.standings, identity, lines);
    },
  };
}

function runUseCases(parts: ApplicationParts): Application['runs'] {
  const { engine, streams, worker, queueLimit } = parts;
  return {
    accept: async (identity, body, idempotencyKey) => {
      if (parts.isStopping()) throw new BatutaError('server-stopping', { retry_after_seconds: 2 });
      return acceptRun({ engine, worker, queueLimit }, { identity, body, idempotencyKey });
    },
    get: (identity, id) => getRun(engine, identity, id),
    list: (identity, filter) => listRuns(engine, identity, filter),
    waitForEnd: (identity, id, wait) => waitForEnd({ engine, streams }, identity, { id, wait }),
    cancel: (identity, id, reason) => cancelRun(engine, identity, { id, reason }),
    addMessage: (identity, id, input) => addMessage(engine, identity, { id, input }),
    retry: (identity, id) => retryRun(engine, identity, id),
  };
}

function sessionUseCases({ engine, sessions, live }: ApplicationParts): Application['sessions'] {
  return {
    get: (identity, id) => getSession(sessions, identity, id),
    list: (identity, page) => listSessions(sessions, identity, page),
    delete: async (identity, id) => {
      await deleteSession(sessions, identity, id);
      await live?.forget({ tenantId: identity.tenantId, sessionId: id });
    },
    fork: (identity, id, at) => forkSession({ store: sessions, ids: engine.ids }, identity, { id, at }),
    log: (identity, id, range) =>
      readSessionLog({ sessions, events: engine.events }, identity, { id, ...range }),
  };
}

function approvalUseCases(parts: ApplicationParts): Application['approvals'] {
  const { engine, approvals, sessions, randomBytes } = parts;
  return {
    get: (identity, id) => getApproval(parts, identity, id),
    list: (identity, request) => listApprovals(approvals, identity, request),
    decide: (identity, id, body) => decideApproval({ ...engine, sessions }, identity, { id, body }),
    createLink: (identity, id, order) =>
      createApprovalLink({ ...engine, sessions, randomBytes }, identity, { id, order }),
    links: (identity, id) => listApprovalLinks(parts, identity, id),
    revokeLink: (identity, id, linkId) => revokeApprovalLink(parts, identity, { id, linkId }),
    openLink: (token) => openApprovalLink(engine, token),
    decideByLink: (token, made) => decideByLink(engine, token, made),
  };
}
