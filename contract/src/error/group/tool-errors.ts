import { z } from 'zod';
import { entry, type ErrorEntry } from '../error-entry.ts';

/** What a model is told about a tool call. */
export const toolErrors = {
  'tool-unknown': entry(
    422,
    'Unknown tool',
    'There is no tool "{tool}".{hint}',
    z.strictObject({ tool: z.string(), hint: z.string() }),
  ),
  'tool-arguments-invalid': entry(
    422,
    'Invalid tool arguments',
    'The arguments of {tool} are not valid: {summary}.',
    z.strictObject({ tool: z.string(), summary: z.string() }),
  ),
  'tool-failed': entry(
    422,
    'Tool failed',
    '{tool} failed: {reason}',
    z.strictObject({ tool: z.string(), reason: z.string() }),
  ),
  'tool-outcome-unknown': entry(
    422,
    'Outcome unknown',
    'Whether {tool} took effect is not known: {reason}.',
    z.strictObject({ tool: z.string(), reason: z.string() }),
  ),
  'tool-timed-out': entry(
    422,
    'Tool timed out',
    '{tool} did not end within {seconds} s.',
    z.strictObject({ tool: z.string(), seconds: z.number() }),
  ),
  'address-forbidden': entry(
    422,
    'Address forbidden',
    'The address {address} is not public, so it may not be fetched.',
    z.strictObject({ address: z.string() }),
  ),
  'address-refused': entry(
    422,
    'Address refused by the rules',
    '{tool} may not reach {address}: {reason}.',
    z.strictObject({ tool: z.string(), address: z.string(), reason: z.string() }),
  ),
} as const satisfies Record<string, ErrorEntry>;
