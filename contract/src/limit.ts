import { z } from 'zod';

/** What a limit holds for: each address, key, user or tenant, or a tenant's calls of a tool. */
export const limitSubjectSchema = z.enum(['address', 'key', 'user', 'tenant', 'tool']);
/** What a limit holds for. */
export type LimitSubject = z.infer<typeof limitSubjectSchema>;

/** What a limit counts. `failures`: requests with a key or login link that is not valid. */
export const limitResourceSchema = z.enum(['requests', 'tokens', 'calls', 'failures']);
/** What a limit counts. */
export type LimitResource = z.infer<typeof limitResourceSchema>;

/** The stretch of time in which a limit can be used once. */
export const limitPeriodSchema = z.enum(['minute', 'day']);
/** The stretch of time in which a limit can be used once. */
export type LimitPeriod = z.infer<typeof limitPeriodSchema>;
