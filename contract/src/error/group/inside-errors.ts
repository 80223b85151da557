import { z } from 'zod';
import { entry, idData, noData, type ErrorEntry } from '../error-entry.ts';

/** Faults inside the platform. */
export const insideErrors = {
  'effect-conflict': entry(
    500,
    'Effect conflict',
    'The calls {calls} of run {id} cannot be {action}: one of them was settled already, or never claimed.',
    z.strictObject({ id: z.string(), calls: z.string(), action: z.string() }),
  ),
  'lease-lost': entry(500, 'Lease lost', 'Run {id} was taken over by another worker.', idData),
  'event-unreadable': entry(
    500,
    'Unreadable event',
    'Event {seq} of session {session_id} ({kind} version {version}) cannot be read: {reason}.',
    z.strictObject({
      session_id: z.string(),
      seq: z.int(),
      kind: z.string(),
      version: z.int(),
      reason: z.string(),
    }),
  ),
  'tenant-settings-unreadable': entry(
    500,
    'Unreadable settings',
    'The stored settings of tenant {id} cannot be read: {reason}. Put them right with PATCH /v1/tenant.',
    z.strictObject({ id: z.string(), reason: z.string() }),
  ),
  'transition-forbidden': entry(
    500,
    'Forbidden transition',
    'A run that is {from} cannot {cause}.',
    z.strictObject({ from: z.string(), cause: z.string() }),
  ),
  'webhook-undelivered': entry(
    502,
    'Webhook not delivered',
    'The webhook could not be delivered: {reason}.',
    z.strictObject({ reason: z.string() }),
  ),
  'job-failed': entry(
    500,
    'Background job failed',
    'The background job {job} failed at attempt {attempt}: {reason}.',
    z.strictObject({ job: z.string(), attempt: z.int(), reason: z.string() }),
  ),
  'job-given-up': entry(
    500,
    'Background job given up',
    'The background job took too long, was given to another process, or this process stops.',
    noData,
  ),
  'port-in-use': entry(
    500,
    'Port in use',
    'The address {host}:{port} is in use. Stop the other program, or set BATUTA_PORT.',
    z.strictObject({ host: z.string(), port: z.int() }),
  ),
} as const satisfies Record<string, ErrorEntry>;
