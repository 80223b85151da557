import { z } from 'zod';
import { agentNameSchema, runIdSchema, sessionIdSchema } from './id.ts';
import { jsonObjectSchema } from './json.ts';
import { usageSchema } from './usage.ts';

/** The states of a run. Which may follow which is the transition table in the platform's domain. */
export const runStatuses = ['queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled'] as const;
/** Accepts the state of a run. */
export const runStatusSchema = z.enum(runStatuses);
/** The state of a run. */
export type RunStatus = z.infer<typeof runStatusSchema>;

/** What a waiting run waits for. */
export const waitReasons = ['approval', 'input', 'child', 'timer', 'budget', 'authorization'] as const;
/** Accepts what a run waits for. */
export const waitReasonSchema = z.enum(waitReasons);
/** What a run waits for. */
export type WaitReason = z.infer<typeof waitReasonSchema>;

/** Why a run failed: a code of the error catalogue and what its `data` carries. */
export const runErrorSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  data: jsonObjectSchema.optional(),
});
/** Why a run failed. */
export type RunError = z.infer<typeof runErrorSchema>;

/** A run as the API shows it. */
export const runSchema = z.strictObject({
  id: runIdSchema,
  session_id: sessionIdSchema,
  agent: agentNameSchema,
  status: runStatusSchema,
  waiting_for: waitReasonSchema.optional(),
  /** When a waiting run goes on by itself: its timer ends, its approval expires, its budget may be tried again. */
  waiting_until: z.iso.datetime().optional(),
  /** Text of the last model message; null until the run has succeeded. */
  output: z.strictObject({ text: z.string() }).nullable(),
  usage: usageSchema,
  /** Cost of all model calls so far, in US dollars; null when a model had no known price. */
  cost_usd: z.number().nonnegative().nullable(),
  turns: z.int().nonnegative(),
  error: runErrorSchema.optional(),
  parent_run_id: runIdSchema.optional(),
  metadata: jsonObjectSchema,
  created_at: z.iso.datetime(),
  started_at: z.iso.datetime().optional(),
  ended_at: z.iso.datetime().optional(),
});
/** A run as the API shows it. */
export type Run = z.infer<typeof runSchema>;

/** Statuses that nothing leaves but a retry. */
export function isEnded(status: RunStatus): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}
