import type { Queue, WorkOptions } from 'pg-boss';
import type { JobOptions } from '../../port/job-queue.ts';

/** Where jobs end that failed for good. */
export const deadLetterQueue = 'dead-letters';

/** How quickly the queue notices things that nobody tells it. */
export interface QueueTiming {
  /** A process that does not show itself for so long has lost its jobs. Ten is the least that pg-boss takes. */
  heartbeatSeconds: number;
  /** Between looks for jobs whose process has died. */
  superviseSeconds: number;
  /** Between looks for jobs that no message told of. */
  backstopSeconds: number;
}

const day = 24 * 60 * 60;

/** Jobs that were done are kept for an hour: they are only looked at when something is wrong. */
const keptSeconds = 60 * 60;

/** What pg-boss stores of a queue. */
export type StoredQueue = Omit<Queue, 'name'>;

/**
 * The queue of a kind of job. One-per-key is `short` (one waits per key) together with a group per key of which one is worked on: the
 * policy `stately`, which promises both, lets the head of the queue block all others while a job of its key is active.
 */
export function storedQueue(options: JobOptions, timing: QueueTiming): StoredQueue {
  return {
    policy: options.policy === 'any' ? 'standard' : 'short',
    expireInSeconds: options.timeoutSeconds,
    retryLimit: options.retries,
    retryDelay: options.retrySeconds,
    retryBackoff: true,
    retryDelayMax: 60 * 60,
    heartbeatSeconds: timing.heartbeatSeconds,
    deleteAfterSeconds: keptSeconds,
    retentionSeconds: 14 * day,
    deadLetter: deadLetterQueue,
    notify: true,
  };
}

/** The queue of dead letters: nobody works on it. */
export const storedDeadLetters: StoredQueue = { policy: 'standard', retentionSeconds: 14 * day };

/** How this process works on a queue. */
export function workOptions(
  options: JobOptions,
  { heartbeatSeconds, backstopSeconds }: QueueTiming,
): WorkOptions {
  return {
    localConcurrency: options.concurrency,
    pollingIntervalSeconds: Math.min(2, backstopSeconds),
    notifyPollingIntervalSeconds: backstopSeconds,
    heartbeatRefreshSeconds: heartbeatSeconds / 3,
    ...(options.policy === 'any' ? {} : { groupConcurrency: 1 }),
  };
}
