import { z } from 'zod';
import { limitPeriodSchema, limitResourceSchema, limitSubjectSchema } from '../limit.ts';

/** One limit of whoever asks, and what is left of it. */
export const limitSchema = z.strictObject({
  subject: limitSubjectSchema,
  resource: limitResourceSchema,
  per: limitPeriodSchema,
  /** Only for calls of tools: the tools that share the limit, `*` standing for any characters. */
  tool: z.string().optional(),
  limit: z.int().positive(),
  /** What can be used at once; 0 also when more was used than the limit allows. */
  left: z.int().nonnegative(),
  /** Seconds until the whole limit can be used at once again. */
  full_in_seconds: z.int().nonnegative(),
});
/** One limit of whoever asks, and what is left of it. */
export type Limit = z.infer<typeof limitSchema>;

/** Answer of `GET /v1/limits`. */
export const limitsSchema = z.strictObject({
  /** Name of the tenant's plan. */
  plan: z.string(),
  limits: z.array(limitSchema),
});
/** The limits of whoever asks. */
export type Limits = z.infer<typeof limitsSchema>;
