import { z } from 'zod';
import { limitPeriodSchema, limitResourceSchema, limitSubjectSchema } from '../../limit.ts';
import { entry, type ErrorEntry } from '../error-entry.ts';

/** Why models do not answer and runs end. */
export const runErrors = {
  'model-unavailable': entry(
    502,
    'No model answered',
    'None of the models answered: {causes}.',
    z.strictObject({ causes: z.string() }),
  ),
  'run-restored': entry(
    409,
    'Run restored from a backup',
    'The run was under way when the backup of {created_at} was made. What it did after that is not known here, so it was stopped; retry it when it may go on.',
    z.strictObject({ created_at: z.string() }),
  ),
  'model-call-failed': entry(
    502,
    'Model call failed',
    '{model} failed ({kind}): {reason}.',
    z.strictObject({
      model: z.string(),
      kind: z.enum([
        'rate-limited',
        'overloaded',
        'server',
        'network',
        'timeout',
        'malformed',
        'access',
        'request',
        'context',
        'content-filter',
      ]),
      reason: z.string(),
      retryable: z.boolean(),
      retry_after_ms: z.int().nullable(),
      provider_status: z.int().nullable(),
      /** False: no connection was made, so nothing can have been billed. */
      sent: z.boolean(),
    }),
  ),
  'model-refused-request': entry(
    502,
    'Model refused the request',
    'The provider refused the request: {reason}.',
    z.strictObject({ model: z.string(), reason: z.string() }),
  ),
  'context-too-long': entry(
    422,
    'Context too long',
    'The conversation does not fit into {model} even after compaction ({tokens} of {limit} tokens).',
    z.strictObject({ model: z.string(), tokens: z.int(), limit: z.int() }),
  ),
  'turn-limit-reached': entry(
    422,
    'Turn limit reached',
    'The run reached its limit of {limit} turns. Raise limits.turns of the agent, then retry the run.',
    z.strictObject({ limit: z.int() }),
  ),
  'time-limit-reached': entry(
    422,
    'Time limit reached',
    'The run reached its limit of {minutes} minutes. Raise limits.minutes of the agent, then retry the run.',
    z.strictObject({ minutes: z.number() }),
  ),
  'progress-stalled': entry(
    422,
    'No progress',
    'The run was stopped because it made no progress: {pattern} of {tool}, {count} times.',
    z.strictObject({ pattern: z.string(), tool: z.string(), count: z.int() }),
  ),
  'recovery-exhausted': entry(
    422,
    'Taken over too often',
    'The run was stopped because the processes that worked on it were lost {count} times in a row without a step forward. Find out what in the run ends them, then retry it.',
    z.strictObject({ count: z.int() }),
  ),
  'token-limit-reached': entry(
    429,
    'Token limit reached',
    'The limit of {limit} tokens a {per} for this {subject} is reached. Retry the run in {retry_after_seconds} s.',
    z.strictObject({
      subject: limitSubjectSchema,
      resource: limitResourceSchema,
      per: limitPeriodSchema,
      limit: z.int(),
      retry_after_seconds: z.int(),
    }),
  ),
  'budget-reached': entry(
    402,
    'Budget reached',
    'The budget {budget} does not allow the next model call: {spent_usd} of {limit_usd} USD are spent, {reserved_usd} are reserved, and the call may cost {needed_usd}. Raise it or wait for its next period, then retry the run.',
    z.strictObject({
      budget: z.string(),
      limit_usd: z.number(),
      spent_usd: z.number(),
      reserved_usd: z.number(),
      needed_usd: z.number(),
    }),
  ),
  'price-unknown': entry(
    422,
    'Price unknown',
    'The hard budget {budget} needs to know what {model} costs, and no price is known. Set it in batuta.yaml, for example prices.models: { "{model}": { input: 3, output: 15 } } (US dollars per million tokens), then retry the run.',
    z.strictObject({ budget: z.string(), model: z.string() }),
  ),
} as const satisfies Record<string, ErrorEntry>;
