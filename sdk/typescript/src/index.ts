export { BatutaError } from '@batuta/contract';
export type {
  AcceptedRunBody,
  AgentDetail,
  ApiKey,
  ApiKeyPage,
  CreateKey,
  CreateUser,
  MadeKey,
  MadeTenant,
  Me,
  Tenant,
  TenantEntry,
  TenantPage,
  User,
  UserPage,
  AgentPage,
  Approval,
  ApprovalPage,
  Artifact,
  ArtifactPage,
  EventPage,
  AuditLogEntry,
  AuditLogFilter,
  AuditPage,
  AuditVerification,
  Event,
  Limit,
  Limits,
  MessageReset,
  PolicyExplanation,
  PolicyPage,
  Run,
  RunInput,
  RunPage,
  Session,
  SecretInfo,
  SecretPage,
  SessionPage,
  TextDelta,
} from '@batuta/contract';
export { AgentCalls } from './agent-calls.ts';
export { ArtifactCalls } from './artifact-calls.ts';
export { ToolCalls } from './tool-calls.ts';
export { ApprovalCalls } from './approval-calls.ts';
export { assembleText, type MessageText } from './assemble-text.ts';
export { AuditCalls } from './audit-calls.ts';
export { BatutaClient } from './batuta-client.ts';
export type { BatutaClientOptions, CallOptions } from './client-options.ts';
export type { FollowOptions } from './follow-events.ts';
export { KeyCalls } from './key-calls.ts';
export { LimitCalls } from './limit-calls.ts';
export { PolicyCalls } from './policy-calls.ts';
export { RunCalls, type CreateRunOptions, type NewRun } from './run-calls.ts';
export { AuthorizationCalls } from './authorization-calls.ts';
export { SecretCalls } from './secret-calls.ts';
export { ScheduleCalls } from './schedule-calls.ts';
export { SessionCalls } from './session-calls.ts';
export { BudgetCalls } from './budget-calls.ts';
export { TerminalConnection, type TerminalOptions } from './terminal-connection.ts';
export { WebhookCalls } from './webhook-calls.ts';
export type { StreamFrame } from './stream-frame.ts';
export { TenantCalls } from './tenant-calls.ts';
export { UserCalls } from './user-calls.ts';
