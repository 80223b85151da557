import { z } from 'zod';
import { jsonObjectSchema } from '../json.ts';

/** An error as the API answers it: `application/problem+json` (RFC 9457) with the catalogue's code and data. */
export const problemSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  data: jsonObjectSchema,
});
/** An error as the API answers it. */
export type Problem = z.infer<typeof problemSchema>;
