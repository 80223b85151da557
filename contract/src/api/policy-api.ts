import { z } from 'zod';
import { agentNameSchema } from '../id.ts';
import { jsonObjectSchema } from '../json.ts';
import { policyEffectSchema, policyRuleSchema } from '../policy/policy-rule.ts';
import { ruleReferenceSchema } from '../policy/rule-reference.ts';
import { taintModeSchema } from '../policy/policy-set.ts';
import { taintLabelSchema } from '../policy/taint.ts';
import { roleSchema } from '../role.ts';
import { pageQuerySchema } from './session-api.ts';

/** Body of `POST /v1/policies/explain`: a call that an agent could make. */
export const explainPolicySchema = z.strictObject({
  agent: agentNameSchema,
  /** As models call it, or as agent files name it (`agent:writer`). */
  tool: z.string().min(1).max(128),
  arguments: jsonObjectSchema.default({}),
  /** Role of whoever asked for the run; absent: the role of whoever asks this. */
  role: roleSchema.optional(),
  /** Labels of the context. */
  taint: z.array(taintLabelSchema).max(2).default([]),
  /** Addresses that the person has written. */
  typed_addresses: z.array(z.string().max(2048)).max(64).default([]),
  /** Absent: now. */
  at: z.iso.datetime({ offset: true }).optional(),
});
/** A call to be explained, as a client asks. */
export type ExplainPolicy = z.input<typeof explainPolicySchema>;
/** A call to be explained, with its defaults filled in. */
export type ExplainedCall = z.output<typeof explainPolicySchema>;

/** What the rules say about a call, and why. */
export const policyExplanationSchema = z.strictObject({
  effect: policyEffectSchema,
  /** The rule that decides. */
  rule: ruleReferenceSchema,
  /** What a model or a person would be told. */
  reason: z.string(),
  /** The least role that may approve; null where nobody is asked, or anybody who may decide approvals. */
  approver: roleSchema.nullable(),
  /** Other rules that hold for this call but do not decide. */
  also: z.array(ruleReferenceSchema),
  /** Rules about this tool whose conditions do not hold. */
  not_holding: z.array(ruleReferenceSchema),
  policy_version: z.string(),
});
/** What the rules say about a call. */
export type PolicyExplanation = z.infer<typeof policyExplanationSchema>;

/** Query of `GET /v1/policies`; `agent`: only what is in force for one. */
export const listPoliciesSchema = pageQuerySchema.extend({ agent: agentNameSchema.optional() });
/** Which rules to list, as a client asks. */
export type ListPolicies = z.input<typeof listPoliciesSchema>;
/** Which rules to list, with the defaults filled in. */
export type PolicyQuery = z.output<typeof listPoliciesSchema>;

/** A rule in force. */
export const policyEntrySchema = ruleReferenceSchema.extend({
  effect: policyEffectSchema,
  /** Agents that it is about, or patterns of them; null: all. */
  agents: z.array(z.string()).nullable(),
  /** Null for what is built in. */
  rule: policyRuleSchema.nullable(),
});

/** One page of rules in force, in the order in which they are named where several decide alike. */
export const policyPageSchema = z.strictObject({
  items: z.array(policyEntrySchema),
  next_cursor: z.string().nullable(),
  /** What becomes of a call that leaves a context with untrusted and private things; of all agents asked about the strictest. */
  taint: taintModeSchema,
});
/** One page of rules in force. */
export type PolicyPage = z.infer<typeof policyPageSchema>;
