import { z } from 'zod';

/** Where rules come from: the settings of the tenant, `policies/`, a team, the agent itself, a skill of it; `default` and `taint` are built in. */
export const ruleSourceSchema = z.enum(['tenant', 'project', 'team', 'agent', 'skill', 'default', 'taint']);

/** A rule by its place. */
export const ruleReferenceSchema = z.strictObject({
  source: ruleSourceSchema,
  /** Short: `deny: shell`. */
  name: z.string(),
  /** Null where it stands in no file, or in one that has changed since. */
  file: z.string().nullable(),
  line: z.int().positive().nullable(),
});
/** The place of a rule. */
export type RulePlace = z.infer<typeof ruleReferenceSchema>;
