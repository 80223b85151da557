import { z } from 'zod';
import {
  alertsSchema,
  budgetPeriodSchema,
  budgetScopeSchema,
  defaultAlerts,
  limitUsdSchema,
  onLimitSchema,
} from '../budget/budget.ts';
import { agentNameSchema, runIdSchema, sessionIdSchema } from '../id.ts';

const nameSchema = z.string().min(1).max(200);
const usd = z.number().nonnegative();

/** What a budget has spent in its present period. */
export const budgetUsageSchema = z.strictObject({
  spent_usd: usd,
  /** Set aside for model calls that are under way. */
  reserved_usd: usd,
  /** When the next period begins; absent for budgets without one. */
  resets_at: z.iso.datetime().optional(),
});

/** A limit on what may be spent. */
export const budgetSchema = z.strictObject({
  /** `bud_...`, or of a file: `agent_support_day`. */
  id: z.string(),
  name: z.string(),
  scope: budgetScopeSchema,
  subject: z.string().nullable(),
  per: budgetPeriodSchema,
  limit_usd: usd,
  hard: z.boolean(),
  on_limit: onLimitSchema,
  alerts: z.array(z.int()),
  /** Null: set through the API. Otherwise the file in which it is set, and must be changed. */
  file: z.string().nullable(),
  /** Null where each run, session, agent or user has an account of its own. */
  usage: budgetUsageSchema.nullable(),
  created_at: z.iso.datetime().optional(),
  updated_at: z.iso.datetime().optional(),
});
/** A limit on what may be spent, as the API shows it. */
export type BudgetView = z.infer<typeof budgetSchema>;

/** One page of budgets. */
export const budgetPageSchema = z.strictObject({
  items: z.array(budgetSchema),
  next_cursor: z.string().nullable(),
});
/** One page of budgets. */
export type BudgetPage = z.infer<typeof budgetPageSchema>;

const subjectSchemas = {
  run: runIdSchema,
  session: sessionIdSchema,
  agent: z.union([agentNameSchema, z.literal('*')]),
  team: z.union([agentNameSchema, z.literal('*')]),
  user: z
    .string()
    .regex(/^(?:\*|[\w.@:+-]{1,128})$/, 'must be the id of a user, or * for each user on its own'),
} as const;

/** Body of `POST /v1/budgets`. */
export const createBudgetSchema = z
  .strictObject({
    name: nameSchema.optional(),
    scope: budgetScopeSchema,
    /** Id of the run, session or user, name of the agent or team; `*`: each agent, team or user on its own. None for the tenant. */
    subject: z.string().max(128).optional(),
    per: budgetPeriodSchema,
    limit_usd: limitUsdSchema,
    /** False: only counts and alerts. */
    hard: z.boolean().default(true),
    on_limit: onLimitSchema.default('wait'),
    /** Percentages of the limit. */
    alerts: alertsSchema.default([...defaultAlerts]),
  })
  .superRefine(({ scope, subject, per }, context) => {
    const complain = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (scope === 'tenant' && subject !== undefined) complain('subject', 'must be absent for the tenant');
    if (scope !== 'tenant') {
      const checked = subjectSchemas[scope].safeParse(subject);
      if (!checked.success) complain('subject', `must name the ${scope}: ${subjectForms[scope]}`);
    }
    if (scope === 'run' && per !== 'run' && per !== 'total')
      complain('per', 'must be run or total for one run');
  });
/** Body of `POST /v1/budgets`. */
export type CreateBudget = z.input<typeof createBudgetSchema>;

const subjectForms = {
  run: 'an id such as run_...',
  session: 'an id such as ses_...',
  agent: 'the name of an agent, or * for each agent on its own',
  team: 'the name of a team, or * for each team on its own',
  user: 'the id of a user, or * for each user on its own',
} as const;

/** Body of `PATCH /v1/budgets/{id}`: what is absent stays. */
export const changeBudgetSchema = z
  .strictObject({
    name: nameSchema.optional(),
    limit_usd: limitUsdSchema.optional(),
    hard: z.boolean().optional(),
    on_limit: onLimitSchema.optional(),
    alerts: alertsSchema.optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'must change something');
/** Body of `PATCH /v1/budgets/{id}`. */
export type ChangeBudget = z.infer<typeof changeBudgetSchema>;
