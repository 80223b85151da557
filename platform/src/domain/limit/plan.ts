import { z } from 'zod';

const amount = z.int().min(1).max(1_000_000_000).optional();

const share = z
  .strictObject({
    requests_per_minute: amount,
    requests_per_day: amount,
    tokens_per_minute: amount,
    tokens_per_day: amount,
  })
  .optional();

const toolPattern = z
  .string()
  .regex(/^[\w:./*-]{1,128}$/, 'must be the name of a tool, in which * stands for any characters');

/** What a plan allows: to a tenant as a whole, to each of its users, keys and the addresses that they come from, and calls of tools by the whole tenant. */
export const planSchema = z.strictObject({
  tenant: share,
  user: share,
  key: share,
  address: share,
  tools: z
    .record(toolPattern, z.strictObject({ calls_per_minute: amount, calls_per_day: amount }))
    .optional(),
});

/** A named set of limits. */
export type Plan = z.infer<typeof planSchema>;

/** Accepts the name of a plan. */
export const planNamePattern = /^[a-z][a-z0-9-]{0,62}$/;

/** Accepts plans by their names. */
export const plansSchema = z.record(
  z.string().regex(planNamePattern, 'must be lower-case letters, digits and -'),
  planSchema,
);

/** The plan that is always there and limits nothing. */
export const unlimited = 'unlimited';

/** What is configured where nobody says anything: examples, and small enough to be seen at work. */
export const examplePlans: z.infer<typeof plansSchema> = {
  free: {
    tenant: {
      requests_per_minute: 60,
      requests_per_day: 5_000,
      tokens_per_minute: 50_000,
      tokens_per_day: 500_000,
    },
    key: { requests_per_minute: 30 },
    tools: { http_fetch: { calls_per_minute: 20 } },
  },
  pro: {
    tenant: { requests_per_minute: 600, requests_per_day: 200_000, tokens_per_minute: 1_000_000 },
    user: { requests_per_minute: 120, tokens_per_day: 5_000_000 },
  },
  enterprise: { tenant: { requests_per_minute: 6_000, tokens_per_minute: 20_000_000 } },
};
