import { z } from 'zod';
import { roleSchema } from '../role.ts';
import { ruleArgumentSchema } from './rule-argument.ts';
import { taintLabelSchema } from './taint.ts';
import { timeWindowSchema } from './time-window.ts';

/** Whether a call runs, waits for a person's approval, or is refused. */
export const policyEffects = ['allow', 'ask', 'deny'] as const;
/** Accepts what a rule does. */
export const policyEffectSchema = z.enum(policyEffects);
/** What a rule does. */
export type PolicyEffect = z.infer<typeof policyEffectSchema>;

/** Tools that a rule is about: `refund`, `refund*`, `mcp:tickets/*`, `agent:writer`; a bare `*` takes all tools, but not agents. */
const pattern = z.string().min(1).max(200);

const conditions = {
  /** What arguments must be, by the argument's name or a JSON pointer (`/order/cents`). */
  arguments: z
    .record(z.string().min(1).max(200), ruleArgumentSchema)
    .refine((named) => Object.keys(named).length <= 32, 'must have at most 32 arguments')
    .optional(),
  /** Roles of whoever asked for the run. */
  roles: z.array(roleSchema).min(1).max(8).optional(),
  time: timeWindowSchema.optional(),
  /** `ask` and `deny`: the context must hold all these labels. `allow`: holds also where the context has these labels. */
  taint: z.array(taintLabelSchema).min(1).max(2).optional(),
  /** Why; the model is told. */
  reason: z.string().min(1).max(500).optional(),
};

/** One rule. The short form is `allow: <tools>`. */
export const policyRuleSchema = z.union([
  z.strictObject({ allow: pattern, ...conditions }),
  z.strictObject({
    ask: pattern,
    ...conditions,
    /** The least role that may approve. */
    approver: roleSchema.optional(),
  }),
  z.strictObject({ deny: pattern, ...conditions }),
]);
/** A rule about tool calls. */
export type PolicyRule = z.infer<typeof policyRuleSchema>;
