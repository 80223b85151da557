import { z } from 'zod';
import { entry, type ErrorEntry } from '../error-entry.ts';

/** What the test kit reports. */
export const testKitErrors = {
  'wait-timed-out': entry(
    500,
    'Wait timed out',
    'Waited {seconds} s for {awaited}; seen so far: {seen}.',
    z.strictObject({ awaited: z.string(), seconds: z.number(), seen: z.string() }),
  ),
  'worker-process-failed': entry(
    500,
    'Worker process failed',
    'The worker process {pid} {reason}.',
    z.strictObject({ pid: z.int(), reason: z.string() }),
  ),
} as const satisfies Record<string, ErrorEntry>;
