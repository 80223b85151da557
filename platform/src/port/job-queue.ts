import type { JsonObject } from '@batuta/contract';

/** How the jobs of one name are worked on. */
export interface JobOptions {
  /** Jobs of this name that one process works on at the same time. */
  concurrency: number;
  /** After this time a job's signal aborts and the job counts as failed. */
  timeoutSeconds: number;
  /** How often a failed job is tried again before it is a dead letter; 0: never. The pause doubles each time. */
  retries: number;
  /** Pause before the first further try. */
  retrySeconds: number;
  /**
   * `any`: as many as are enqueued. `one-per-key`: of jobs with the same `singletonKey` at most one waits and at most one is
   * worked on; enqueueing another one while one waits makes that one due at the earlier of both times.
   */
  policy: 'any' | 'one-per-key';
}

/** One job in the hands of its handler. */
export interface Job {
  id: string;
  name: string;
  /** Whose work it is; null: the platform's own, over all tenants. */
  tenantId: string | null;
  data: JsonObject;
  /** 1 the first time, 2 after a failure or a crash, and so on. */
  attempt: number;
  /** Aborts when the time is over, the job was given to another process, or this process stops. */
  signal: AbortSignal;
}

/**
 * Does a job. Contract: may be called more than once for the same job (a process died in the middle, the database was gone before the
 * end was recorded), so what it does must bear repetition. A rejection is a failed try. It passes `job.tenantId` to the stores that it
 * uses: a job of a tenant sees that tenant only.
 */
export type JobHandler = (job: Job) => Promise<void>;

/** Whose job it is, and when it is due. */
export interface EnqueueOptions {
  /** Null for the platform's own work. */
  tenantId: string | null;
  /** Milliseconds since the epoch; absent: now. */
  runAt?: number;
  /** What a job is about, for the policy `one-per-key`. */
  singletonKey?: string;
}

/** How the queue is, for people: `/ready`, doctor, logs. */
export type JobQueueState = 'stopped' | 'starting' | 'working' | 'failing';

/**
 * Ordinary background work: deliver, fire, purge, embed. Runs are not jobs, they have a queue of their own with leases.
 *
 * A job is taken by one process at a time. When that process dies another one takes the job over within a minute. Nothing that must not
 * be lost lives only here: tables with what is due are the truth, jobs are how it is worked on, and a regular sweep (`every`) finds
 * what was due and has no job.
 */
export interface JobQueue {
  /** Declares a kind of job and its handler. Called before `start`; names are kebab-case. */
  define(name: string, options: JobOptions, handler: JobHandler): void;
  /** Enqueues a job for whichever process comes first. Errors: `database-unreachable`. */
  enqueue(name: string, data: JsonObject, options: EnqueueOptions): Promise<void>;
  /**
   * Enqueues a job of a defined name regularly, over all processes once: five cron fields, in UTC; and whenever a process begins to work.
   * Its `tenantId` is null and its data is empty. Called before `start`.
   */
  every(name: string, cron: string): void;
  /** Begins to work, in the background: contract: returns at once; what goes wrong is logged and tried again. */
  start(): void;
  /** Takes no more jobs and waits for those in hand, at most `graceMs`; what is not done by then is done by another process. */
  stop(graceMs: number): Promise<void>;
  readonly state: JobQueueState;
}
