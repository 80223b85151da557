import { z } from 'zod';
import { artifactIdSchema, runIdSchema, sessionIdSchema } from '../id.ts';
import { pageQuerySchema } from './session-api.ts';

/** What is known of a file that a run was given or made. */
export const artifactSchema = z.strictObject({
  id: artifactIdSchema,
  session_id: sessionIdSchema,
  run_id: runIdSchema,
  name: z.string(),
  media_type: z.string(),
  bytes: z.int().nonnegative(),
  created_at: z.iso.datetime(),
});
/** What is known of a file that a run was given or made. */
export type Artifact = z.infer<typeof artifactSchema>;

/** Query of `GET /v1/artifacts`. */
export const listArtifactsSchema = pageQuerySchema.extend({
  session_id: sessionIdSchema.optional(),
  run_id: runIdSchema.optional(),
});
/** Which files to list, as a client asks. */
export type ListArtifacts = z.input<typeof listArtifactsSchema>;

/** One page of files, newest first. */
export const artifactPageSchema = z.strictObject({
  items: z.array(artifactSchema),
  next_cursor: z.string().nullable(),
});
/** One page of the list of files. */
export type ArtifactPage = z.infer<typeof artifactPageSchema>;
