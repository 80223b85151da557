import { z } from 'zod';

/** Answer of `GET /health`: the process lives. */
export const healthSchema = z.strictObject({ status: z.literal('ok'), version: z.string() });
/** Answer of `/health`. */
export type Health = z.infer<typeof healthSchema>;

/** Answer of `GET /ready`: each part that must work before requests are sent here. */
export const readySchema = z.strictObject({
  status: z.enum(['ready', 'not-ready']),
  checks: z.strictObject({
    database: z.string(),
    migrations: z.string(),
    worker: z.string(),
    /** Background jobs: `ok`, `starting`, `failing`; requests are served in any case. */
    jobs: z.string(),
  }),
});
/** Answer of `/ready`. */
export type Ready = z.infer<typeof readySchema>;
