import {
  acceptedRunSchema,
  addMessageSchema,
  agentDetailSchema,
  agentPageSchema,
  agentSummarySchema,
  apiKeyPageSchema,
  apiKeySchema,
  approvalPageSchema,
  artifactPageSchema,
  artifactSchema,
  eventPageSchema,
  changeUserSchema,
  createKeySchema,
  createTenantSchema,
  createUserSchema,
  madeKeySchema,
  madeTenantSchema,
  meSchema,
  rotateKeySchema,
  changeTenantEntrySchema,
  tenantEntrySchema,
  tenantPageSchema,
  userPageSchema,
  userSchema,
  approvalSchema,
  auditEntrySchema,
  auditPageSchema,
  auditVerificationSchema,
  cancelRunSchema,
  changeTenantSchema,
  createRunSchema,
  decideApprovalSchema,
  eventSchema,
  forkSessionSchema,
  healthSchema,
  inputSchema,
  messageResetSchema,
  explainPolicySchema,
  policyExplanationSchema,
  policyPageSchema,
  policyRuleSchema,
  policySetSchema,
  problemSchema,
  readySchema,
  retryRunSchema,
  runErrorSchema,
  runPageSchema,
  runSchema,
  sessionPageSchema,
  sessionSchema,
  tenantSchema,
  tenantSettingsSchema,
  textDeltaSchema,
  usageSchema,
  budgetPageSchema,
  budgetSchema,
  changeBudgetSchema,
  changeScheduleSchema,
  createScheduleSchema,
  schedulePageSchema,
  schedulePreviewSchema,
  scheduleSchema,
  changeWebhookSchema,
  createBudgetSchema,
  createWebhookSchema,
  deliveryPageSchema,
  deliverySchema,
  replayedSchema,
  rotateWebhookSchema,
  webhookPageSchema,
  webhookSchema,
  webhookWithSecretSchema,
} from '@batuta/contract';
import { z } from 'zod';
import { isObject, type JsonSchema } from './json-schema.ts';

/** Schemas of what the API answers, by their names in the reference. */
const answers = {
  AcceptedRun: acceptedRunSchema,
  AgentDetail: agentDetailSchema,
  AgentPage: agentPageSchema,
  AgentSummary: agentSummarySchema,
  AuditEntry: auditEntrySchema,
  AuditPage: auditPageSchema,
  AuditVerification: auditVerificationSchema,
  ApiKey: apiKeySchema,
  ApiKeyPage: apiKeyPageSchema,
  MadeKey: madeKeySchema,
  MadeTenant: madeTenantSchema,
  Me: meSchema,
  TenantEntry: tenantEntrySchema,
  TenantPage: tenantPageSchema,
  User: userSchema,
  UserPage: userPageSchema,
  Approval: approvalSchema,
  ApprovalPage: approvalPageSchema,
  Artifact: artifactSchema,
  ArtifactPage: artifactPageSchema,
  Event: eventSchema,
  EventPage: eventPageSchema,
  Health: healthSchema,
  MessageReset: messageResetSchema,
  PolicyExplanation: policyExplanationSchema,
  PolicyPage: policyPageSchema,
  PolicyRule: policyRuleSchema,
  PolicySet: policySetSchema,
  Problem: problemSchema,
  Readiness: readySchema,
  Run: runSchema,
  RunError: runErrorSchema,
  RunPage: runPageSchema,
  Session: sessionSchema,
  SessionPage: sessionPageSchema,
  Tenant: tenantSchema,
  TenantSettings: tenantSettingsSchema,
  TextDelta: textDeltaSchema,
  Usage: usageSchema,
  Schedule: scheduleSchema,
  SchedulePage: schedulePageSchema,
  SchedulePreview: schedulePreviewSchema,
  Delivery: deliverySchema,
  DeliveryPage: deliveryPageSchema,
  Replayed: replayedSchema,
  Budget: budgetSchema,
  BudgetPage: budgetPageSchema,
  Webhook: webhookSchema,
  WebhookPage: webhookPageSchema,
  WebhookWithSecret: webhookWithSecretSchema,
};

/** Schemas of what the API takes. */
const bodies = {
  AddMessage: addMessageSchema,
  CancelRun: cancelRunSchema,
  ChangeTenant: changeTenantSchema,
  ChangeUser: changeUserSchema,
  CreateKey: createKeySchema,
  CreateTenant: createTenantSchema,
  CreateUser: createUserSchema,
  RotateKey: rotateKeySchema,
  ChangeTenantEntry: changeTenantEntrySchema,
  CreateRun: createRunSchema,
  DecideApproval: decideApprovalSchema,
  ExplainPolicy: explainPolicySchema,
  ForkSession: forkSessionSchema,
  Input: inputSchema,
  RetryRun: retryRunSchema,
  ChangeBudget: changeBudgetSchema,
  ChangeSchedule: changeScheduleSchema,
  CreateSchedule: createScheduleSchema,
  ChangeWebhook: changeWebhookSchema,
  CreateBudget: createBudgetSchema,
  CreateWebhook: createWebhookSchema,
  RotateWebhook: rotateWebhookSchema,
};

const names = new Map<z.ZodType, string>(
  Object.entries({ ...answers, ...bodies }).map(([name, schema]) => [schema, name]),
);

/** A reference to a named schema, or the schema itself where it has no name. */
export function referTo(schema: z.ZodType): JsonSchema {
  const name = names.get(schema);
  return name === undefined ? inline(schema) : { $ref: `#/components/schemas/${name}` };
}

/** A schema written out. */
export function inline(schema: z.ZodType): JsonSchema {
  return tidy(z.toJSONSchema(schema, { io: 'input' }));
}

/** All named schemas. */
export function componentSchemas(): Record<string, JsonSchema> {
  const all = { ...convert(answers, 'output'), ...convert(bodies, 'input') };
  const sorted = Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { ...Object.fromEntries(sorted), JsonValue: { description: 'Any JSON value.' } };
}

function convert(
  schemas: Readonly<Record<string, z.ZodType>>,
  io: 'input' | 'output',
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const { schemas: converted } = z.toJSONSchema(registry, { io, uri: (id) => `#/components/schemas/${id}` });
  const { __shared: _, ...named } = converted;
  return Object.fromEntries(Object.entries(named).map(([name, schema]) => [name, tidy(schema)]));
}

/**
 * Makes zod's JSON Schema fit into one OpenAPI document: its own identifiers go, the pattern that repeats what
 * `format: date-time` says goes, and the only recursive schema there is, any JSON value, gets its name.
 */
function tidy(schema: object): JsonSchema {
  return tidyValue(schema) as JsonSchema;
}

function tidyValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidyValue);
  if (!isObject(value)) return value;
  if (typeof value['$ref'] === 'string' && value['$ref'].includes('$defs')) {
    return { $ref: '#/components/schemas/JsonValue' };
  }
  const isDate = value['format'] === 'date-time';
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([key]) => key !== '$schema' && key !== '$id' && key !== '$defs' && !(isDate && key === 'pattern'),
      )
      .map(([key, child]) => [key, tidyValue(child)]),
  );
}
