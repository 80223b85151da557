import { z } from 'zod';
import { entry, idData, type ErrorEntry } from '../error-entry.ts';

/** Requests that do not fit the state of what they are about. */
export const stateErrors = {
  'projection-without-basis': entry(
    409,
    'Nothing to project from',
    'Costs cannot be projected: {reason}.',
    z.strictObject({ reason: z.string() }),
  ),
  'run-state-conflict': entry(
    409,
    'Wrong state',
    'Run {id} is {status}; {action} needs it to be {needed}.',
    z.strictObject({ id: z.string(), status: z.string(), action: z.string(), needed: z.string() }),
  ),
  'session-busy': entry(
    409,
    'Session is busy',
    'Session {id} has a run that has not ended ({run_id}). Cancel it or wait for it.',
    z.strictObject({ id: z.string(), run_id: z.string() }),
  ),
  'session-agent-conflict': entry(
    409,
    'Another agent',
    'Session {id} belongs to agent "{agent}". Start a new session for another agent.',
    z.strictObject({ id: z.string(), agent: z.string() }),
  ),
  'approval-decided-already': entry(
    409,
    'Already decided',
    'Approval {id} was decided already: {decision}, by {decided_by} at {decided_at}.',
    z.strictObject({
      id: z.string(),
      decision: z.string(),
      decided_by: z.string(),
      decided_at: z.string(),
      reason: z.string().nullable(),
    }),
  ),
  'approval-withdrawn': entry(
    409,
    'Approval is not needed any more',
    'Approval {id} is not needed any more: its run ended without it.',
    idData,
  ),
  'approval-edit-invalid': entry(
    400,
    'Edited arguments are not valid',
    'The edited arguments of {tool} are not valid: {summary}. Nothing was decided.',
    z.strictObject({ id: z.string(), tool: z.string(), summary: z.string() }),
  ),
  'approval-edit-denied': entry(
    403,
    'Edited arguments are denied',
    'The rule "{rule}" forbids {tool} with these arguments. Nothing was decided; other arguments, or the call as it is, can still be approved.',
    z.strictObject({ id: z.string(), tool: z.string(), rule: z.string() }),
  ),
  'approval-pattern-mismatch': entry(
    400,
    'Pattern does not match',
    'The pattern does not match the call of approval {id}: {argument} is not what it allows. Nothing was decided.',
    z.strictObject({ id: z.string(), argument: z.string() }),
  ),
  'approval-links-exhausted': entry(
    409,
    'Too many links',
    'Approval {id} has {limit} links already, which is the limit.',
    z.strictObject({ id: z.string(), limit: z.int() }),
  ),
  'approval-link-used': entry(
    410,
    'Link was used',
    'This link was used at {used_at}: {decision}. A link works once.',
    z.strictObject({ used_at: z.string(), decision: z.string() }),
  ),
  'approval-link-expired': entry(
    410,
    'Link has expired',
    'This link expired at {expired_at}. Ask for a new one.',
    z.strictObject({ expired_at: z.string() }),
  ),
  'approval-expired': entry(
    409,
    'Approval has expired',
    'Approval {id} expired at {expired_at} without a decision; its call was not approved.',
    z.strictObject({ id: z.string(), expired_at: z.string() }),
  ),
  'decision-not-offered': entry(
    409,
    'Decision not offered',
    'Approval {id} can be decided by {offered}, not by "{decision}".',
    z.strictObject({ id: z.string(), decision: z.string(), offered: z.string() }),
  ),
  'idempotency-key-reused': entry(
    409,
    'Idempotency key reused',
    'The Idempotency-Key was used before with a different request (run {id}). Use a new key for a new request.',
    idData,
  ),
  'webhook-limit-reached': entry(
    409,
    'Too many webhooks',
    'This tenant has {limit} webhooks, which is the limit. Delete one that is not needed.',
    z.strictObject({ limit: z.int() }),
  ),
  'delivery-pending': entry(
    409,
    'Delivery is pending',
    'The delivery {message_id} has not been given up: it is sent at {next_attempt_at} by itself.',
    z.strictObject({ message_id: z.string(), next_attempt_at: z.string() }),
  ),
  'queue-full': entry(
    429,
    'Queue is full',
    '{count} runs are waiting, which is the limit. Try again in {retry_after_seconds} s.',
    z.strictObject({ count: z.int(), retry_after_seconds: z.int() }),
  ),
  'too-many-budgets': entry(
    409,
    'Too many budgets',
    'A tenant can have {most} budgets, and all of them are there. Delete some; a budget whose subject is "*" holds for each agent or user.',
    z.strictObject({ most: z.int() }),
  ),
  'budget-of-file': entry(
    409,
    'Budget of a file',
    'The budget {id} is set in {file}. Change it there, or make a budget with the same scope, subject and period: it takes its place.',
    z.strictObject({ id: z.string(), file: z.string() }),
  ),
  'server-stopping': entry(
    503,
    'Server is stopping',
    'This server is shutting down. Try again in {retry_after_seconds} s.',
    z.strictObject({ retry_after_seconds: z.int() }),
  ),
  'not-ready': entry(503, 'Not ready', 'Not ready: {reason}.', z.strictObject({ reason: z.string() })),
  internal: entry(
    500,
    'Internal error',
    'Something went wrong inside Batuta. The log has the cause under the id {incident}.',
    z.strictObject({ incident: z.string() }),
  ),
} as const satisfies Record<string, ErrorEntry>;
