import { z } from 'zod';
import { entry, type ErrorEntry } from '../error-entry.ts';

/** What clients of the API report themselves. */
export const clientErrors = {
  'server-unreachable': entry(
    503,
    'Server unreachable',
    '{url} cannot be reached: {reason}.',
    z.strictObject({ url: z.string(), reason: z.string() }),
  ),
  'answer-unknown': entry(
    502,
    'Unknown answer',
    'The server answered {status} ({code}): {detail}',
    z.strictObject({ status: z.int(), code: z.string(), detail: z.string() }),
  ),
} as const satisfies Record<string, ErrorEntry>;
