import { z } from 'zod';
import { agentNameSchema } from '../id.ts';
import { modelReferenceSchema } from '../agent-file/agent-file.ts';
import { usageSchema } from '../usage.ts';

/** By what usage can be grouped. */
export const usageGroups = ['day', 'model', 'agent', 'user'] as const;
/** By what usage can be grouped. */
export type UsageGroup = (typeof usageGroups)[number];

const groupList = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(usageGroups)).min(1).max(usageGroups.length))
  .refine((groups) => new Set(groups).size === groups.length, 'must not name anything twice');

/** Query of `GET /v1/usage`: days in the time zone of budgets, both included; by default the present month, by day. */
export const usageQuerySchema = z.strictObject({
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  group_by: groupList.prefault('day'),
  agent: agentNameSchema.optional(),
  model: modelReferenceSchema.optional(),
  user: z.string().min(1).max(128).optional(),
});
/** What usage is asked for, as a client asks. */
export type UsageInput = Omit<z.output<typeof usageQuerySchema>, 'group_by'> & {
  group_by?: readonly UsageGroup[];
};
/** What usage is asked for, checked. */
export type UsageQuery = z.output<typeof usageQuerySchema>;

const amounts = {
  /** Model calls that were paid for, and answers that were given again. */
  calls: z.int().nonnegative(),
  usage: usageSchema,
  /** What the calls cost; calls of models without a known price count as nothing. */
  cost_usd: z.number().nonnegative(),
};

/** The usage of one day, model, agent or user, or of a combination of them. */
export const usageGroupSchema = z.strictObject({
  day: z.iso.date().optional(),
  model: z.string().optional(),
  agent: z.string().optional(),
  /** Null: runs that no user asked for. */
  user: z.string().nullable().optional(),
  ...amounts,
});

/** What a tenant used. */
export const usageReportSchema = z.strictObject({
  from: z.iso.date(),
  to: z.iso.date(),
  time_zone: z.string(),
  groups: z.array(usageGroupSchema),
  total: z.strictObject(amounts),
  /** The present month: what was spent, and what it comes to when it goes on as in the last days. */
  month: z.strictObject({
    month: z.string(),
    spent_usd: z.number().nonnegative(),
    projected_usd: z.number().nonnegative(),
    /** Whole days before today that the projection rests on. */
    basis_days: z.int().nonnegative(),
  }),
});
/** What a tenant used. */
export type UsageReport = z.infer<typeof usageReportSchema>;

/** Query of `GET /v1/usage/projection`: what so many requests would cost. */
export const projectionQuerySchema = z.strictObject({
  requests_per_day: z.coerce.number().positive().max(1_000_000_000),
  /** Past runs of this agent are what is counted with; absent: those of all agents. */
  agent: agentNameSchema.optional(),
  /** Instead of past runs: a model and the tokens of a request. */
  model: modelReferenceSchema.optional(),
  input_tokens: z.coerce.number().int().nonnegative().max(100_000_000).optional(),
  output_tokens: z.coerce.number().int().nonnegative().max(100_000_000).optional(),
});
/** What is to be projected. */
export type ProjectionQuery = z.infer<typeof projectionQuerySchema>;

/** What so many requests would cost. */
export const projectionSchema = z.strictObject({
  requests_per_day: z.number(),
  /** What the figures rest on: past runs, or the price of a model. */
  basis: z.enum(['runs', 'price']),
  /** Runs that were looked at; 0 for a price. */
  runs: z.int().nonnegative(),
  per_request_usd: z.number().nonnegative(),
  /** Nine of ten runs cost at most this; absent for a price. */
  per_request_p90_usd: z.number().nonnegative().optional(),
  per_day_usd: z.number().nonnegative(),
  /** Of 30 days. */
  per_month_usd: z.number().nonnegative(),
});
/** What so many requests would cost. */
export type Projection = z.infer<typeof projectionSchema>;
