import { z } from 'zod';
import { policyRuleSchema } from './policy-rule.ts';

/** What becomes of a call that would send something out of a context which holds private and untrusted things. */
export const taintModeSchema = z.enum(['ask', 'deny']);
/** What becomes of a call that would send something out of such a context. */
export type TaintMode = z.infer<typeof taintModeSchema>;

/** Rules that belong together: a file of `policies/`, or the `policy` of a tenant's settings. */
export const policySetSchema = z.strictObject({
  /** Agents that the rules are about, `*` at the end takes all that begin so; absent: all. */
  agents: z.array(z.string().min(1).max(200)).min(1).max(256).optional(),
  taint: taintModeSchema.optional(),
  rules: z.array(policyRuleSchema).max(1000).default([]),
});
/** Rules that belong together. */
export type PolicySet = z.infer<typeof policySetSchema>;
