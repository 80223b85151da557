import { z } from 'zod';
import { entry, type ErrorEntry } from '../error-entry.ts';

/** Tool servers, and what is known of calls that went outside. */
export const toolServerErrors = {
  'tool-server-unavailable': entry(
    503,
    'Tool server unavailable',
    'The tool server {server} is not available: {reason}.',
    z.strictObject({ server: z.string(), reason: z.string() }),
  ),
  'tool-server-problem': entry(
    502,
    'Problem of a tool server',
    'There is a problem with the tool server {server}: {reason}.',
    z.strictObject({ server: z.string(), reason: z.string() }),
  ),
  'tool-gone': entry(
    404,
    'Tool gone',
    'The tool server {server} does not have the tool {tool} any more. Use another one.',
    z.strictObject({ server: z.string(), tool: z.string() }),
  ),
  'tool-outcome-unknown': entry(
    502,
    'Outcome of a call unknown',
    'The call of {tool} was under way when something went wrong: {reason}. Whether it took effect is unknown.',
    z.strictObject({ tool: z.string(), reason: z.string() }),
  ),
} as const satisfies Record<string, ErrorEntry>;
