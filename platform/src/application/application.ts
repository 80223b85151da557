import type {
  AccessEndReason,
  Projection,
  ProjectionQuery,
  UsageQuery,
  UsageReport,
  AcceptedRunBody,
  AgentDefinition,
  Approval,
  BudgetView,
  ChangeBudget,
  AuditLogFilter,
  AuditPage,
  AuditVerification,
  ApiKey,
  ChangeTenant,
  ChangeUser,
  CreateKey,
  CreateTenant,
  CreateUser,
  MadeKey,
  MadeTenant,
  ChangeTenantEntry,
  TenantEntry,
  User,
  EventPage,
  ApprovalLinkList,
  ApprovalLinkOrder,
  ChangeWebhook,
  CreateRun,
  KeyRotation,
  Limits,
  ListTools,
  ToolDetail,
  ToolPage,
  CreateWebhook,
  DecideApproval,
  ExplainedCall,
  PolicyExplanation,
  PolicyPage,
  PolicyQuery,
  Delivery,
  DeliveryStatus,
  Replayed,
  Problem,
  Run,
  RunInput,
  RunStatus,
  SecretInfo,
  SecretPage,
  Session,
  Tenant,
  VerifyAudit,
  Webhook,
  WebhookWithSecret,
} from '@batuta/contract';
import type { CollectedBackup } from '../port/backup.ts';
import type { ScheduleDoor } from './schedule/schedule-door.ts';
import type { BrowserDoor } from './browser/watch-browser.ts';
import type { AuthorizationDoor } from './authorization/authorization-use-cases.ts';
import type { Identity } from './access/identity.ts';
import type { SkillView } from './agent/skills.ts';
import type { SignedIn } from './access/login.ts';
import type { LoginFlow } from '../port/login-provider.ts';
import type { LinkDecision, MadeLink, OpenedLink } from './approval/approval-links.ts';
import type { NewBudget } from './budget/budgets.ts';
import type { Attempt } from './limit/login-guard.ts';
import type { TerminalDoor } from './terminal/terminal-door.ts';
import type { Standing } from './limit/permit-desk.ts';
import type { ArtifactUseCases } from './artifact/artifact-use-cases.ts';
import type { AccessRecord } from './audit/record-access.ts';
import type { Readiness } from './health/readiness.ts';
import type { SingleTool } from './tool/single-tools.ts';
import type { FrameSink, StreamTarget } from './stream/frame.ts';

/** One page of a list. `next_cursor` is null on the last page. */
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** What a list is asked for. */
export interface PageRequest {
  cursor?: string | undefined;
  limit: number;
}

/** Which approvals a list is asked for. */
export interface ApprovalListRequest extends PageRequest {
  pending: boolean;
  run_id?: string | undefined;
  session_id?: string | undefined;
  tool?: string | undefined;
}

/** An agent as the API shows it. */
export interface AgentView {
  name: string;
  description: string;
  /** The models that a run would try, in order. */
  models: string[];
  tools: string[];
  definition_hash: string;
  definition: AgentDefinition;
}

/**
 * Everything that a door (HTTP, MCP, A2A ...) can ask of the platform. Doors parse, authorise, call one of these, render.
 * All failures are errors of the catalogue. Ids of another tenant are unknown ids.
 */
export interface Application {
  access: {
    /** Who has this key. Errors: `key-missing`, `key-invalid`, `access-disabled`. */
    authenticate(key: string | undefined): Promise<Identity>;
    /** Whose browser keeps this. Errors: `key-invalid`, `access-disabled`. */
    authenticateBrowser(token: string): Promise<Identity>;
    /** Exchanges a one-time login token for a browser's session. Errors: `login-token-invalid`. */
    exchangeLogin(token: string): Promise<SignedIn>;
    /** Where to send a browser that signs in at the identity provider, and what it must keep. Errors: `login-failed`. */
    beginLogin(callback: string): Promise<{ address: string; flow: LoginFlow }>;
    /** Signs in a browser that comes back. Errors: `login-failed`, `token-invalid`, `token-unverifiable`, `access-disabled`. */
    finishLogin(returned: URL, brought: { flow: LoginFlow; address: string | null }): Promise<SignedIn>;
    /** Ends a browser's session. Gives the address at which its identity provider signs it out and sends it back; null: there is none. */
    signOut(token: string, returnTo: string): Promise<string | null>;
    /** Calls `ended` once when somebody may do less than when they came. Gives the way to stop. Contract: `ended` never throws. */
    watch(identity: Identity, ended: (reason: AccessEndReason) => void): () => void;
  };
  tenant: {
    /** The tenant of the one who asks. */
    get(identity: Identity): Promise<Tenant>;
    /** Errors: `request-invalid`. */
    change(identity: Identity, change: ChangeTenant): Promise<Tenant>;
  };
  tenants: {
    list(page: PageRequest): Promise<Page<TenantEntry>>;
    create(identity: Identity, body: CreateTenant): Promise<MadeTenant>;
    change(identity: Identity, id: string, body: ChangeTenantEntry): Promise<TenantEntry>;
  };
  keys: {
    list(identity: Identity, page: PageRequest): Promise<Page<ApiKey>>;
    get(identity: Identity, id: string): Promise<ApiKey>;
    create(identity: Identity, body: CreateKey): Promise<MadeKey>;
    rotate(identity: Identity, id: string, overlapHours: number): Promise<MadeKey>;
    revoke(identity: Identity, id: string): Promise<void>;
  };
  users: {
    list(identity: Identity, page: PageRequest): Promise<Page<User>>;
    get(identity: Identity, id: string): Promise<User>;
    create(identity: Identity, body: CreateUser): Promise<User>;
    change(identity: Identity, id: string, body: ChangeUser): Promise<User>;
    delete(identity: Identity, id: string): Promise<void>;
  };
  runs: {
    /** The run is durable when this returns. */
    accept(identity: Identity, body: CreateRun, idempotencyKey?: string): Promise<AcceptedRunBody>;
    get(identity: Identity, id: string): Promise<Run>;
    list(
      identity: Identity,
      filter: PageRequest & { session_id?: string | undefined; status?: RunStatus | undefined },
    ): Promise<Page<Run>>;
    /** The run when it has ended, waits for a person, or `seconds` have passed, whichever is first. */
    waitForEnd(identity: Identity, id: string, wait: { seconds: number; signal: AbortSignal }): Promise<Run>;
    cancel(identity: Identity, id: string, reason?: string): Promise<Run>;
    addMessage(identity: Identity, id: string, input: RunInput): Promise<Run>;
    retry(identity: Identity, id: string): Promise<Run>;
  };
  sessions: {
    get(identity: Identity, id: string): Promise<Session>;
    list(identity: Identity, page: PageRequest): Promise<Page<Session>>;
    delete(identity: Identity, id: string): Promise<void>;
    fork(identity: Identity, id: string, at?: number): Promise<Session>;
    /** Events after the one with the number `after`, as far as there are. Errors: `session-unknown`. */
    log(identity: Identity, id: string, range: { after: number; limit: number }): Promise<EventPage>;
  };
  browsers: BrowserDoor;
  terminals: TerminalDoor;
  limits: {
    /** Counts a request of an address. Errors: `rate-limited`. */
    enter(address: string | null): Promise<void>;
    /** Lets an attempt to enter through unless too many failed at its address. Errors: `rate-limited`, and those of the work. */
    watch<T extends object>(attempt: Attempt, work: () => Promise<T>): Promise<T>;
    /** Counts a request of somebody, and tells how their limits stand. Errors: `rate-limited`. */
    admit(identity: Identity): readonly Standing[] | Promise<readonly Standing[]>;
    report(identity: Identity): Promise<Limits>;
  };
  tools: {
    /** Errors: `cursor-invalid`. */
    list(identity: Identity, request: ListTools): Promise<ToolPage>;
    /** A tool by its reference or name. Errors: `tool-unknown`. */
    get(identity: Identity, reference: string): Promise<ToolDetail>;
    /** The tools that can be called by themselves, through agents for single calls. */
    single(identity: Identity): Promise<SingleTool[]>;
  };
  agents: {
    get(identity: Identity, name: string): AgentView;
    list(identity: Identity, page: PageRequest): Page<AgentView>;
  };
  skills: {
    list(identity: Identity, page: PageRequest): Page<SkillView>;
    /** Errors: `skill-unknown`. */
    get(identity: Identity, name: string): SkillView;
  };
  budgets: {
    list(identity: Identity, page: PageRequest): Promise<Page<BudgetView>>;
    /** Errors: `budget-unknown`. */
    get(identity: Identity, id: string): Promise<BudgetView>;
    /** Errors: `agent-unknown`, `team-unknown`, `run-unknown`, `session-unknown`, `too-many-budgets`. */
    create(identity: Identity, body: NewBudget): Promise<BudgetView>;
    /** Errors: `budget-unknown`, `budget-of-file`. */
    change(identity: Identity, id: string, body: ChangeBudget): Promise<BudgetView>;
    /** Errors: `budget-unknown`, `budget-of-file`. */
    delete(identity: Identity, id: string): Promise<void>;
  };
  approvals: {
    get(identity: Identity, id: string): Promise<Approval>;
    list(identity: Identity, request: ApprovalListRequest): Promise<Page<Approval>>;
    decide(identity: Identity, id: string, body: DecideApproval): Promise<Approval>;
    createLink(identity: Identity, id: string, order: ApprovalLinkOrder): Promise<MadeLink>;
    links(identity: Identity, id: string): Promise<ApprovalLinkList>;
    /** Errors: `approval-unknown`, `approval-role-missing`, `approval-link-unknown`, `approval-link-used`. */
    revokeLink(identity: Identity, id: string, linkId: string): Promise<void>;
    /** What a link shows to whoever has it. Errors: `approval-link-unknown`. */
    openLink(token: string): Promise<OpenedLink>;
    /** Decides for the recipient of a link, and uses it up. */
    decideByLink(token: string, made: LinkDecision): Promise<Approval>;
  };
  policies: {
    /** Errors: `agent-unknown`, `cursor-invalid`. */
    list(identity: Identity, query: PolicyQuery): Promise<PolicyPage>;
    /** Errors: `agent-unknown`, `tool-unknown`, `tool-arguments-invalid`. */
    explain(identity: Identity, call: ExplainedCall): Promise<PolicyExplanation>;
  };
  artifacts: ArtifactUseCases;
  audit: {
    /** Takes note of a request. Contract: returns at once, never throws. */
    record(access: AccessRecord): void;
    /** Errors: `cursor-invalid`. */
    list(identity: Identity, request: AuditLogFilter & PageRequest): Promise<AuditPage>;
    verify(identity: Identity, request: VerifyAudit): Promise<AuditVerification>;
    /** Lines of JSON, oldest first; ends with `access-ended` when the asker may no longer have them. */
    export(identity: Identity, filter: AuditLogFilter): AsyncIterable<string>;
  };
  usage: {
    /** Errors: `request-invalid` for days that make no range. */
    report(identity: Identity, query: UsageQuery): Promise<UsageReport>;
    /** Errors: `projection-without-basis`. */
    project(identity: Identity, query: ProjectionQuery): Promise<Projection>;
  };
  /** An error as its reader may see it, without the secrets that it quotes. Null: a reader whom nobody knows. */
  redactProblem(identity: Identity | null, problem: Problem): Problem;
  secrets: {
    /** Errors: `secret-key-not-configured`. */
    set(identity: Identity, name: string, value: string): Promise<SecretInfo>;
    /** By name. Errors: `cursor-invalid`. */
    list(identity: Identity, page: PageRequest): Promise<SecretPage>;
    /** Errors: `secret-unknown`. */
    delete(identity: Identity, name: string): Promise<void>;
    /** Encrypts all secrets with a new key. Errors: `secret-key-not-configured`, `secret-key-missing`, `secret-unreadable`. */
    rotateKey(identity: Identity): Promise<KeyRotation>;
  };
  backups: {
    /** Everything of all tenants. Errors: `permission-missing`, `backup-under-way`, `backup-file-unusable`. */
    create(identity: Identity): Promise<CollectedBackup>;
  };
  webhooks: {
    /** Errors: `request-invalid`, `webhook-limit-reached`. */
    create(identity: Identity, body: CreateWebhook): Promise<WebhookWithSecret>;
    /** Errors of this and all that follow: `webhook-unknown`. */
    get(identity: Identity, id: string): Promise<Webhook>;
    list(identity: Identity, page: PageRequest): Promise<Page<Webhook>>;
    change(identity: Identity, id: string, body: ChangeWebhook): Promise<Webhook>;
    delete(identity: Identity, id: string): Promise<void>;
    rotate(identity: Identity, id: string, overlapHours: number): Promise<WebhookWithSecret>;
    /** Sends one message now and tells what came of it. */
    test(identity: Identity, id: string): Promise<Delivery>;
    deliveries(
      identity: Identity,
      id: string,
      filter: PageRequest & { status?: DeliveryStatus | undefined },
    ): Promise<Page<Delivery>>;
    /** Errors: `delivery-unknown`, `delivery-pending`. */
    replay(identity: Identity, id: string, messageId: string): Promise<Delivery>;
    replayDead(identity: Identity, id: string): Promise<Replayed>;
  };
  schedules: ScheduleDoor;
  authorizations: AuthorizationDoor;
  streams: {
    /**
     * Writes the frames after the target's cursor to the sink, then live ones, until the way to stop that is returned is
     * called. Errors (before any frame): `session-unknown`, `run-unknown`, `cursor-invalid`.
     */
    follow(identity: Identity, target: StreamTarget, sink: FrameSink): Promise<() => void>;
  };
  health: {
    version: string;
    readiness(): Promise<Readiness>;
  };
}
