import { z } from 'zod';
import { agentNameSchema, runIdSchema, sessionIdSchema } from './id.ts';
import { jsonObjectSchema } from './json.ts';

/** One conversation as the API shows it. */
export const sessionSchema = z.strictObject({
  id: sessionIdSchema,
  agent: agentNameSchema,
  /** The first words of the conversation. */
  title: z.string(),
  metadata: jsonObjectSchema,
  /** Set when the session was forked from another at one of its events. */
  forked_from: z.strictObject({ session_id: sessionIdSchema, seq: z.int().positive() }).optional(),
  /** Set when a run of another session delegated work to this one. */
  parent_run_id: runIdSchema.optional(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
/** A session as the API shows it. */
export type Session = z.infer<typeof sessionSchema>;
