import { z } from 'zod';
import { explainPolicySchema } from '../api/policy-api.ts';
import { policyEffectSchema } from './policy-rule.ts';
import { ruleSourceSchema } from './rule-reference.ts';
import { policySetSchema } from './policy-set.ts';

/** One case of a file of cases: a call, and what the rules must say about it. */
const policyCaseSchema = explainPolicySchema.extend({
  /** What the case shows. */
  name: z.string().min(1).max(200).optional(),
  expect: z.strictObject({
    effect: policyEffectSchema,
    /** The deciding rule, as explanations name it: `deny: shell`. */
    rule: z.string().min(1).max(300).optional(),
    source: ruleSourceSchema.optional(),
  }),
});

/** A file of cases for `batuta policy test`. */
export const policyCasesSchema = z.strictObject({
  /** Rules of a tenant to judge by besides those of the project. */
  tenant: policySetSchema.optional(),
  cases: z.array(policyCaseSchema).min(1).max(2000),
});
/** A case of such a file. */
export type PolicyCase = z.infer<typeof policyCaseSchema>;
