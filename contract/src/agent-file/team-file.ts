import { z } from 'zod';
import { fileBudgetSchema } from '../budget/budget.ts';
import { agentNameSchema } from '../id.ts';
import { jsonObjectSchema } from '../json.ts';
import { policyRuleSchema } from '../policy/policy-rule.ts';

/** A named piece of work that a team offers, with typed input and output (JSON Schema). */
export const operationSchema = z.strictObject({
  description: z.string().min(1).max(1024),
  input: jsonObjectSchema,
  output: jsonObjectSchema.optional(),
});

/** The front matter of a team file. */
export const teamFrontMatterSchema = z.strictObject({
  name: agentNameSchema,
  description: z.string().min(1).max(1024),
  strategy: z.enum(['route', 'supervise', 'parallel', 'pipeline']),
  agents: z.array(agentNameSchema).min(1).max(32),
  /** Rules about the tools of its agents, in addition to their own. */
  permissions: z.array(policyRuleSchema).max(256).default([]),
  operations: z.record(agentNameSchema, operationSchema).default({}),
  /** Limits in US dollars on what the team's agents spend together; each run and session of them has its own. */
  budget: fileBudgetSchema.optional(),
});
/** The settings of a team, as its file gives them. */
export type TeamFrontMatter = z.infer<typeof teamFrontMatterSchema>;
