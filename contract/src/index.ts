export { modelTiers, modelTierSchema, type ModelTier } from './model-tier.ts';
export {
  agentDefinitionSchema,
  agentFrontMatterSchema,
  modelReferenceSchema,
  toolReferenceSchema,
  type AgentDefinition,
  type AgentFrontMatter,
} from './agent-file/agent-file.ts';
export {
  argumentMatcherSchema,
  argumentPatternSchema,
  exactPattern,
  matchesPattern,
  patternMismatch,
  type ArgumentMatcher,
  type ArgumentPattern,
} from './approval/argument-pattern.ts';
export { canonicalJson } from './approval/canonical-json.ts';
export { exactJson, exactText } from './approval/exact-json.ts';
export { operationSchema, teamFrontMatterSchema, type TeamFrontMatter } from './agent-file/team-file.ts';
export {
  approvalLinkSchema,
  approvalPageSchema,
  approvalSchema,
  approvalStatuses,
  createApprovalLinkSchema,
  decideApprovalSchema,
  listApprovalsSchema,
  type Approval,
  type ApprovalLink,
  type ApprovalLinkOrder,
  type ApprovalPage,
  type CreateApprovalLink,
  type DecideApproval,
  type ListApprovals,
} from './api/approval-api.ts';
export {
  alertsSchema,
  budgetPeriodSchema,
  budgetPeriods,
  budgetScopes,
  budgetScopeSchema,
  defaultAlerts,
  fileBudgetSchema,
  limitUsdSchema,
  onLimitSchema,
  type BudgetPeriod,
  type BudgetScope,
  type FileBudget,
  type OnLimit,
} from './budget/budget.ts';
export {
  auditEntrySchema,
  auditFilterSchema,
  auditKindSchema,
  auditPageSchema,
  auditVerificationSchema,
  listAuditSchema,
  verifyAuditSchema,
  type AuditLogEntry,
  type AuditLogFilter,
  type AuditPage,
  type AuditVerification,
  type ListAudit,
  type VerifyAudit,
} from './api/audit-api.ts';
export {
  budgetPageSchema,
  budgetSchema,
  budgetUsageSchema,
  changeBudgetSchema,
  createBudgetSchema,
  type BudgetPage,
  type BudgetView,
  type ChangeBudget,
  type CreateBudget,
} from './api/budget-api.ts';
export { healthSchema, readySchema, type Health, type Ready } from './api/health-api.ts';
export { limitSchema, limitsSchema, type Limit, type Limits } from './api/limit-api.ts';
export {
  projectionQuerySchema,
  projectionSchema,
  usageGroups,
  usageGroupSchema,
  usageQuerySchema,
  usageReportSchema,
  type Projection,
  type ProjectionQuery,
  type UsageGroup,
  type UsageInput,
  type UsageQuery,
  type UsageReport,
} from './api/usage-api.ts';
export {
  acceptedRunSchema,
  addMessageSchema,
  cancelRunSchema,
  createRunSchema,
  listRunsSchema,
  retryRunSchema,
  runPageSchema,
  streamQuerySchema,
  type AcceptedRunBody,
  type CreateRun,
  type ListRuns,
  type RunPage,
} from './api/run-api.ts';
export {
  keyRotationSchema,
  secretInfoSchema,
  secretPageSchema,
  setSecretSchema,
  type KeyRotation,
  type SecretInfo,
  type SecretPage,
  type SetSecret,
} from './api/secret-api.ts';
export { plainLine, textFault, type TextKind } from './text.ts';
export { secretNameOf, secretNameSchema, secretReferenceSchema } from './secret.ts';
export {
  agentDetailSchema,
  agentPageSchema,
  agentSummarySchema,
  forkSessionSchema,
  pageQuerySchema,
  sessionPageSchema,
  type AgentDetail,
  type AgentPage,
  type PageInput,
  type PageQuery,
  type SessionPage,
} from './api/session-api.ts';
export {
  changeScheduleSchema,
  createScheduleSchema,
  firingOutcomes,
  firingOutcomeSchema,
  missedPolicies,
  missedPolicySchema,
  overlapPolicies,
  overlapPolicySchema,
  previewScheduleSchema,
  schedulePageSchema,
  schedulePreviewSchema,
  scheduleSchema,
  type ChangeSchedule,
  type CreateSchedule,
  type CreateScheduleInput,
  type FiringOutcome,
  type MissedPolicy,
  type OverlapPolicy,
  type PreviewSchedule,
  type Schedule,
  type SchedulePage,
  type SchedulePreview,
} from './api/schedule-api.ts';
export {
  changeWebhookSchema,
  createWebhookSchema,
  deliveryPageSchema,
  deliverySchema,
  deliveryStatuses,
  deliveryStatusSchema,
  listDeliveriesSchema,
  replayedSchema,
  rotateWebhookSchema,
  webhookKinds,
  webhookKindSchema,
  webhookMessageIdSchema,
  webhookPageSchema,
  webhookSchema,
  webhookWithSecretSchema,
  type ChangeWebhook,
  type CreateWebhook,
  type CreateWebhookInput,
  type Delivery,
  type DeliveryPage,
  type DeliveryStatus,
  type ListDeliveries,
  type Replayed,
  type RotateWebhook,
  type Webhook,
  type WebhookKind,
  type WebhookPage,
  type WebhookWithSecret,
} from './api/webhook-api.ts';
export {
  apiKeyPageSchema,
  apiKeySchema,
  changeUserSchema,
  createKeySchema,
  createUserSchema,
  madeKeySchema,
  meSchema,
  rotateKeySchema,
  userPageSchema,
  userSchema,
  type ApiKey,
  type ApiKeyPage,
  type ChangeUser,
  type CreateKey,
  type CreateUser,
  type MadeKey,
  type Me,
  type RotateKey,
  type User,
  type UserPage,
} from './api/access-api.ts';
export {
  changeTenantSchema,
  createTenantSchema,
  madeTenantSchema,
  changeTenantEntrySchema,
  tenantEntrySchema,
  tenantPageSchema,
  tenantSchema,
  type ChangeTenant,
  type CreateTenant,
  type MadeTenant,
  type ChangeTenantEntry,
  type Tenant,
  type TenantEntry,
  type TenantPage,
} from './api/tenant-api.ts';
export { BatutaError, renderMessage } from './error/batuta-error.ts';
export { errorCatalogue, errorGroups, type ErrorCode, type ErrorData } from './error/catalogue.ts';
export type { ErrorEntry } from './error/error-entry.ts';
export { problemSchema, type Problem } from './error/problem.ts';
export {
  approvalDecisions,
  approvalDecisionSchema,
  callOutcomeSchema,
  eventDataSchemas,
  metadataSchema,
  sessionGrantSchema,
  type ApprovalDecision,
  type CallOutcome,
  type SessionGrant,
} from './event/event-data.ts';
export {
  eventKinds,
  eventSchema,
  eventVersions,
  type Event,
  type EventData,
  type EventKind,
  type NewEvent,
} from './event/event.ts';
export {
  formatCursor,
  messageResetSchema,
  parseCursor,
  textDeltaSchema,
  type MessageReset,
  type StreamCursor,
  type TextDelta,
} from './event/stream-frame.ts';
export {
  agentNameSchema,
  approvalIdSchema,
  approvalLinkIdSchema,
  artifactIdSchema,
  budgetIdSchema,
  idPrefixes,
  keyIdSchema,
  messageIdSchema,
  runIdSchema,
  scheduleIdSchema,
  sessionIdSchema,
  tenantIdSchema,
  webhookIdSchema,
  userIdSchema,
  type IdKind,
} from './id.ts';
export {
  limitPeriodSchema,
  limitResourceSchema,
  limitSubjectSchema,
  type LimitPeriod,
  type LimitResource,
  type LimitSubject,
} from './limit.ts';
export { jsonObjectSchema, jsonValueSchema, type JsonObject, type JsonValue } from './json.ts';
export {
  assistantPartSchema,
  filePartSchema,
  inlineFilePartSchema,
  inputSchema,
  reasoningPartSchema,
  textPartSchema,
  toolCallPartSchema,
  userPartSchema,
  type AssistantPart,
  type FilePart,
  type InlineFilePart,
  type ReasoningPart,
  type RunInput,
  type TextPart,
  type ToolCallPart,
  type UserPart,
} from './message.ts';
export {
  explainPolicySchema,
  listPoliciesSchema,
  policyExplanationSchema,
  policyPageSchema,
  type ExplainedCall,
  type ExplainPolicy,
  type ListPolicies,
  type PolicyExplanation,
  type PolicyPage,
  type PolicyQuery,
} from './api/policy-api.ts';
export { policyCasesSchema, type PolicyCase } from './policy/policy-cases.ts';
export { type RuleArgument } from './policy/rule-argument.ts';
export {
  policyEffectSchema,
  policyEffects,
  policyRuleSchema,
  type PolicyEffect,
  type PolicyRule,
} from './policy/policy-rule.ts';
export { policySetSchema, taintModeSchema, type PolicySet, type TaintMode } from './policy/policy-set.ts';
export {
  taintLabels,
  taintLabelSchema,
  taintSourceSchema,
  type TaintLabel,
  type TaintSource,
} from './policy/taint.ts';
export { weekdays, type TimeWindow } from './policy/time-window.ts';
export {
  isEnded,
  runErrorSchema,
  runSchema,
  runStatusSchema,
  runStatuses,
  waitReasonSchema,
  waitReasons,
  type Run,
  type RunError,
  type RunStatus,
  type WaitReason,
} from './run.ts';
export { coversRole, roles, roleSchema, type Role } from './role.ts';
export { sessionSchema, type Session } from './session.ts';
export { tenantSettingsSchema, type TenantSettings } from './tenant.ts';
export { noUsage, usageSchema, type Usage } from './usage.ts';
