import { z } from 'zod';
import { metadataSchema } from '../event/event-data.ts';
import { agentNameSchema, runIdSchema, sessionIdSchema } from '../id.ts';
import { inputSchema } from '../message.ts';
import { runSchema, runStatusSchema } from '../run.ts';

/** Body of `POST /v1/runs`. */
export const createRunSchema = z
  .strictObject({
    agent: agentNameSchema,
    input: inputSchema,
    /** Continues this session; absent: a new one. */
    session_id: sessionIdSchema.optional(),
    /** Waits up to this many seconds for the end of the run. */
    wait: z.number().min(0).max(300).optional(),
    /** Answers with the run's events as they happen (SSE). Not together with `wait`. */
    stream: z.literal(true).optional(),
    metadata: metadataSchema.optional(),
  })
  .refine((body) => !(body.wait !== undefined && body.stream), 'wait and stream cannot be used together');
/** Body of `POST /v1/runs`. */
export type CreateRun = z.infer<typeof createRunSchema>;

/** Answer to a run accepted in the background. */
export const acceptedRunSchema = z.strictObject({
  id: runIdSchema,
  session_id: sessionIdSchema,
  status: runStatusSchema,
});
/** Answer to a run that was accepted. */
export type AcceptedRunBody = z.infer<typeof acceptedRunSchema>;

/** Body of `POST /v1/runs/{id}/cancel`. */
export const cancelRunSchema = z.strictObject({ reason: z.string().min(1).max(500).optional() });
/** Body of `POST /v1/runs/{id}/messages`: steers a run, or answers its question. */
export const addMessageSchema = z.strictObject({ input: inputSchema });
/** Body of `POST /v1/runs/{id}/retry`. */
export const retryRunSchema = z.strictObject({});
/** Query of `GET /v1/runs`. */
export const listRunsSchema = z.strictObject({
  session_id: sessionIdSchema.optional(),
  status: runStatusSchema.optional(),
  cursor: z.string().max(256).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
/** Which runs to list, as a client asks. */
export type ListRuns = z.input<typeof listRunsSchema>;
/** One page of runs, newest first. */
export const runPageSchema = z.strictObject({
  items: z.array(runSchema),
  next_cursor: z.string().nullable(),
});

/** One page of the list of runs. */
export type RunPage = z.infer<typeof runPageSchema>;

/** Query of every stream: the cursor of the last frame that the client has. The header `Last-Event-ID` wins over it. */
export const streamQuerySchema = z.strictObject({ after: z.string().max(128).optional() });
