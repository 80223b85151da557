import { z } from 'zod';

/** What a budget is about: one run, one session, an agent, a user, the agents of a team, or everything of the tenant. */
export const budgetScopes = ['run', 'session', 'agent', 'user', 'team', 'tenant'] as const;
/** Accepts what a budget is about. */
export const budgetScopeSchema = z.enum(budgetScopes);
/** What a budget is about. */
export type BudgetScope = z.infer<typeof budgetScopeSchema>;

/** What a budget's limit holds for: each run (with its children), each session, a day, a month, or all time. */
export const budgetPeriods = ['run', 'session', 'day', 'month', 'total'] as const;
/** Accepts what a budget's limit holds for. */
export const budgetPeriodSchema = z.enum(budgetPeriods);
/** What a budget's limit holds for. */
export type BudgetPeriod = z.infer<typeof budgetPeriodSchema>;

/** What a run does that meets a hard limit: waits until there is money again, or fails with `budget-reached`. */
export const onLimitSchema = z.enum(['wait', 'fail']);
/** What a run does that meets a hard limit. */
export type OnLimit = z.infer<typeof onLimitSchema>;

/** An amount of US dollars that is kept as micro-dollars: at least one of them, at most a billion dollars. */
export const limitUsdSchema = z.number().min(0.000_001).max(1_000_000_000);

/** Percentages of a limit at which an alert is given, once each. */
export const alertsSchema = z.array(z.int().min(1).max(1000)).max(8);

/** Alerts where nobody says otherwise. */
export const defaultAlerts: readonly number[] = [80, 100];

/** Limits in US dollars, as the files of agents and teams give them. */
export const fileBudgetSchema = z.strictObject({
  /** One run with all its child runs. */
  run_usd: limitUsdSchema.optional(),
  /** One session with all its runs and their child runs. */
  session_usd: limitUsdSchema.optional(),
  /** All runs of a day. */
  day_usd: limitUsdSchema.optional(),
  /** All runs of a month. */
  month_usd: limitUsdSchema.optional(),
  /** Only counts and alerts; nothing is refused. */
  soft: z.boolean().optional(),
  on_limit: onLimitSchema.optional(),
  alerts: alertsSchema.optional(),
});
/** Limits in US dollars, as the files of agents and teams give them. */
export type FileBudget = z.infer<typeof fileBudgetSchema>;
