import { choice, decimal, integer } from './setting.ts';

/** The process that executes runs. */
export const workerSettings = {
  concurrency: integer({
    variable: 'BATUTA_WORKER_CONCURRENCY',
    about: 'Runs that this process works on at the same time.',
    default: 64,
    min: 1,
    max: 10_000,
  }),
  leaseSeconds: integer({
    variable: 'BATUTA_LEASE_SECONDS',
    about: 'After how long without a sign of life a process loses its runs to others.',
    default: 3,
    min: 1,
    max: 300,
  }),
  pollMs: integer({
    variable: 'BATUTA_POLL_MS',
    about: 'Milliseconds between looks for runs that nobody announced.',
    default: 1000,
    min: 50,
    max: 60_000,
  }),
  queueLimit: integer({
    variable: 'BATUTA_QUEUE_LIMIT',
    about: 'Runs of one tenant that may wait; further ones are refused with queue-full.',
    default: 10_000,
    min: 1,
    max: 10_000_000,
  }),
};

/** How a run is carried out. */
export const runSettings = {
  coalesceMs: integer({
    variable: 'BATUTA_COALESCE_MS',
    about: 'Milliseconds to wait for quick tool results, so that one commit holds the answer and them.',
    default: 5,
    min: 0,
    max: 1000,
  }),
  repeatedCalls: integer({
    variable: 'BATUTA_REPEATED_CALLS',
    about: 'Equal tool calls after which the model is warned and then the run is stopped.',
    default: 5,
    min: 2,
    max: 16,
  }),
  repeatedErrors: integer({
    variable: 'BATUTA_REPEATED_ERRORS',
    about: 'Equal errors of one tool after which the model is warned and then the run is stopped.',
    default: 5,
    min: 2,
    max: 16,
  }),
  contextShare: decimal({
    variable: 'BATUTA_CONTEXT_SHARE',
    about: "Share of a model's context that the history may fill before it is compacted.",
    default: 0.8,
    min: 0.1,
    max: 0.95,
  }),
  approvalHours: integer({
    variable: 'BATUTA_APPROVAL_HOURS',
    about: 'Hours after which an approval that nobody decided counts as denied.',
    default: 24,
    min: 1,
    max: 8760,
  }),
  delegationDepth: integer({
    variable: 'BATUTA_DELEGATION_DEPTH',
    about: 'How deep agents may delegate to agents.',
    default: 4,
    min: 0,
    max: 16,
  }),
};

/** What the process says. */
export const logSettings = {
  level: choice({
    variable: 'BATUTA_LOG_LEVEL',
    about: 'The least important lines that are written.',
    words: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
  }),
  format: choice({
    variable: 'BATUTA_LOG_FORMAT',
    about:
      'json writes an object a line, readable a text; auto is readable on a terminal and json elsewhere.',
    words: ['auto', 'json', 'readable'],
    default: 'auto',
  }),
};
