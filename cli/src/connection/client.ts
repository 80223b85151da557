import type {
  AuthorizationPage,
  BegunAuthorization,
  AcceptedRunBody,
  Approval,
  ApprovalLink,
  ApprovalLinkList,
  CreateApprovalLink,
  AuditLogFilter,
  AuditPage,
  AuditVerification,
  BudgetPage,
  BudgetView,
  ChangeBudget,
  CreateBudget,
  CreateRun,
  DecideApproval,
  Event,
  KeyRotation,
  ExplainPolicy,
  ListApprovals,
  Limits,
  MessageReset,
  PolicyExplanation,
  PolicyPage,
  Projection,
  ProjectionQuery,
  Run,
  RunStatus,
  SecretInfo,
  SecretPage,
  Session,
  ToolDetail,
  TerminalEnded,
  ToolPage,
  TextDelta,
  VerifyAudit,
  UsageInput,
  UsageReport,
  ChangeSchedule,
  ChangeWebhook,
  CreateScheduleInput,
  CreateWebhookInput,
  Delivery,
  DeliveryPage,
  DeliveryStatus,
  PreviewSchedule,
  Replayed,
  RotateWebhook,
  Schedule,
  SchedulePage,
  SchedulePreview,
  Webhook,
  WebhookPage,
  WebhookWithSecret,
} from '@batuta/contract';
import type { AccessClient } from './access-client.ts';

/** One thing that a stream tells. */
export type StreamItem =
  | { type: 'event'; event: Event }
  | { type: 'text-delta'; delta: TextDelta }
  | { type: 'message-reset'; reset: MessageReset };

/** Which platform, and as whom. */
export interface ClientTarget {
  url: string;
  key: string;
  /** Tries of a call that is safe to repeat, when nothing answers. */
  maxTries?: number;
}

/** How somebody sits down at a terminal. */
export interface TerminalOptions {
  columns: number;
  rows: number;
  /** One whose connection broke off. */
  terminal?: string;
  shown: (piece: Uint8Array) => void;
}

/** A terminal as one connection has it. */
export interface TerminalSeat {
  readonly opened: { terminal: string; grace_seconds: number };
  /** How it ended; null: the connection broke off. */
  readonly ended: Promise<TerminalEnded | null>;
  type(input: Uint8Array | string): void;
  resize(columns: number, rows: number): void;
  close(): void;
  leave(): void;
}

/** One page of a list. */
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** An agent as a list shows it. */
export interface AgentSummary {
  name: string;
  description: string;
  models: string[];
  tools: string[];
}

/** What the commands ask of a running platform. Every failure is an error of the catalogue. */
export interface Client extends AccessClient {
  createRun(body: CreateRun): Promise<AcceptedRunBody>;
  getRun(id: string): Promise<Run>;
  listRuns(filter: { session_id?: string; status?: RunStatus; limit: number }): Promise<Page<Run>>;
  cancelRun(id: string, reason?: string): Promise<Run>;
  steerRun(id: string, text: string): Promise<Run>;
  retryRun(id: string): Promise<Run>;
  /** The events of a run from its first on and its text as it comes, until it ends; reconnects by itself. */
  followRun(id: string, signal: AbortSignal): AsyncIterable<StreamItem>;
  getSession(id: string): Promise<Session>;
  /** Where people see the browser of a session. */
  browserPage(id: string): string;
  forkSession(id: string, at: number): Promise<Session>;
  /** Sits down at a terminal in the sandbox of a session. */
  openTerminal(session: string, options: TerminalOptions): Promise<TerminalSeat>;
  limits(): Promise<Limits>;
  listAgents(): Promise<AgentSummary[]>;
  listTools(filter: { source?: string; limit: number }): Promise<ToolPage>;
  getTool(name: string): Promise<ToolDetail>;
  listPolicies(filter: { agent?: string; limit: number }): Promise<PolicyPage>;
  explainPolicy(call: ExplainPolicy): Promise<PolicyExplanation>;
  listBudgets(filter: { limit: number }): Promise<BudgetPage>;
  createBudget(budget: CreateBudget): Promise<BudgetView>;
  changeBudget(id: string, change: ChangeBudget): Promise<BudgetView>;
  deleteBudget(id: string): Promise<void>;
  usage(filter: UsageInput): Promise<UsageReport>;
  projectCosts(query: ProjectionQuery): Promise<Projection>;
  listApprovals(filter: ListApprovals): Promise<Page<Approval>>;
  getApproval(id: string): Promise<Approval>;
  listAudit(filter: AuditLogFilter & { limit: number }): Promise<AuditPage>;
  verifyAudit(request: VerifyAudit): Promise<AuditVerification>;
  /** Lines of JSON, oldest first. */
  exportAudit(filter: AuditLogFilter): Promise<ReadableStream<Uint8Array>>;
  listSecrets(): Promise<SecretPage>;
  setSecret(name: string, value: string): Promise<SecretInfo>;
  deleteSecret(name: string): Promise<void>;
  rotateSecretKey(): Promise<KeyRotation>;
  listAuthorizations(filter: { limit: number }): Promise<AuthorizationPage>;
  beginAuthorization(service: string): Promise<BegunAuthorization>;
  revokeAuthorization(id: string): Promise<void>;
  /** A whole backup, compressed, as long as `bytes` says. */
  createBackup(): Promise<{ content: ReadableStream<Uint8Array>; bytes: number; createdAt: string }>;
  listWebhooks(filter: { limit: number }): Promise<WebhookPage>;
  createWebhook(webhook: CreateWebhookInput): Promise<WebhookWithSecret>;
  getWebhook(id: string): Promise<Webhook>;
  changeWebhook(id: string, change: ChangeWebhook): Promise<Webhook>;
  rotateWebhook(id: string, rotation: RotateWebhook): Promise<WebhookWithSecret>;
  testWebhook(id: string): Promise<Delivery>;
  deleteWebhook(id: string): Promise<void>;
  listDeliveries(id: string, filter: { status?: DeliveryStatus; limit: number }): Promise<DeliveryPage>;
  replayDelivery(id: string, messageId: string): Promise<Delivery>;
  replayDeadDeliveries(id: string): Promise<Replayed>;
  listSchedules(filter: { limit: number }): Promise<SchedulePage>;
  createSchedule(schedule: CreateScheduleInput): Promise<Schedule>;
  getSchedule(id: string): Promise<Schedule>;
  changeSchedule(id: string, change: ChangeSchedule): Promise<Schedule>;
  runSchedule(id: string): Promise<AcceptedRunBody>;
  deleteSchedule(id: string): Promise<void>;
  previewSchedule(asked: PreviewSchedule): Promise<SchedulePreview>;
  decideApproval(id: string, decision: DecideApproval): Promise<Approval>;
  createApprovalLink(id: string, link: CreateApprovalLink): Promise<ApprovalLink>;
  listApprovalLinks(id: string): Promise<ApprovalLinkList>;
  revokeApprovalLink(id: string, linkId: string): Promise<void>;
}
