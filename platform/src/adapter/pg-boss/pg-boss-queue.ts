import { BatutaError, type JsonObject } from '@batuta/contract';
import type { PgBoss } from 'pg-boss';
import type { Bus } from '../../port/bus.ts';
import type { Clock } from '../../port/clock.ts';
import type { Database } from '../../port/database.ts';
import type {
  EnqueueOptions,
  JobHandler,
  JobOptions,
  JobQueue,
  JobQueueState,
} from '../../port/job-queue.ts';
import type { Log } from '../../port/log.ts';
import { enqueueJob } from './enqueue-job.ts';
import { openBoss, type BossParts } from './open-boss.ts';
import { workOptions, type QueueTiming } from './queue-options.ts';
import { runJob, type JobEnvelope, type JobKind } from './run-job.ts';
import { WakeChannel } from './wake-channel.ts';
import { WatchedConnection } from './watched-connection.ts';

/** What the queue is made of. */
export interface PgBossParts {
  database: Pick<Database, 'kind' | 'owner'>;
  bus: Bus;
  clock: Clock;
  log: Log;
  /** False in a process that only enqueues: `start` then does nothing. */
  works: boolean;
  /** Instead of the usual times. */
  timing?: Partial<QueueTiming>;
}

/** Pauses before the start is tried again when the database cannot be used. */
const startPausesMs = [1_000, 5_000, 15_000, 60_000];

/** A job that is due later than this is found by the next poll; timers for all of them would be without number. */
const longestTimerMs = 10 * 60_000;

/**
 * Jobs on pg-boss, in its own schema `batuta_jobs`.
 *
 * States: *stopped*; *starting* (the library is loaded, its schema made or migrated; tried again until it succeeds); *working*; *failing*
 * (as working, but the database is gone for now); *stopped* again. A process that only enqueues opens pg-boss without workers, at the first
 * job, and stays *stopped*.
 */
export class PgBossQueue implements JobQueue {
  readonly #parts: PgBossParts;
  readonly #connection: WatchedConnection;
  readonly #channel = new WakeChannel();
  readonly #kinds = new Map<string, JobKind>();
  readonly #regular = new Map<string, string>();
  readonly #stopping = new AbortController();
  #boss: Promise<PgBoss> | undefined;
  #isOpen = false;
  #inHand = 0;
  #starting: Promise<void> | undefined;

  constructor(parts: PgBossParts) {
    this.#parts = parts;
    this.#connection = new WatchedConnection(parts.database.owner, parts.log);
    const unsubscribe = parts.bus.subscribe((message) => {
      if (message.kind === 'job-queued') this.#channel.wake(message.name);
    });
    this.#stopping.signal.addEventListener('abort', unsubscribe, { once: true });
  }

  get state(): JobQueueState {
    if (!this.#starting || this.#stopping.signal.aborted) return 'stopped';
    if (!this.#isOpen) return this.#connection.isLost ? 'failing' : 'starting';
    return this.#connection.isLost ? 'failing' : 'working';
  }

  define(name: string, options: JobOptions, handler: JobHandler): void {
    this.#kinds.set(name, { options, handler });
  }

  every(name: string, cron: string): void {
    this.#regular.set(name, cron);
  }

  start(): void {
    if (this.#parts.works) this.#starting ??= this.#startUntilDone();
  }

  async enqueue(name: string, data: JsonObject, options: EnqueueOptions): Promise<void> {
    const kind = this.#kinds.get(name);
    if (!kind) throw new BatutaError('internal', { incident: `no job "${name}" is defined` });
    if (this.#stopping.signal.aborted) return;
    await enqueueJob(await this.#open(), { name, kind, data, options });
    this.#wakeAt(name, options.runAt);
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    const boss = await this.#boss?.catch(() => undefined);
    await this.#starting;
    // Waiting for nothing would take half a second.
    const graceful = graceMs > 0 && this.#inHand > 0;
    await boss?.stop({ graceful, timeout: graceMs, close: false });
  }

  async #startUntilDone(): Promise<void> {
    const { clock, log } = this.#parts;
    for (let attempt = 0; !this.#stopping.signal.aborted; attempt += 1) {
      try {
        await this.#work(await this.#open());
        this.#isOpen = true;
        return;
      } catch (error) {
        log.warn('background jobs cannot start yet', { error });
        const pause = startPausesMs[Math.min(attempt, startPausesMs.length - 1)] ?? 0;
        await clock.sleep(pause, this.#stopping.signal);
      }
    }
  }

  /** One instance for all; one that could not be opened is not kept. */
  #open(): Promise<PgBoss> {
    if (this.#boss) return this.#boss;
    const opening = openBoss(this.#bossParts());
    this.#boss = opening;
    opening.catch(() => {
      this.#boss = undefined;
    });
    return opening;
  }

  #bossParts(): BossParts {
    return {
      connection: this.#connection,
      channel: this.#channel,
      kind: this.#parts.database.kind,
      isWorker: this.#parts.works,
      kinds: this.#kinds,
      timing: this.#timing,
      log: this.#parts.log,
    };
  }

  async #work(boss: PgBoss): Promise<void> {
    for (const [name, kind] of this.#kinds) {
      if (this.#stopping.signal.aborted) return;
      await boss.work<JobEnvelope>(name, workOptions(kind.options, this.#timing), async ([job]) => {
        if (!job) return;
        this.#inHand += 1;
        try {
          await runJob(kind, job, this.#parts.log);
        } catch (error) {
          const pauseMs = kind.options.retrySeconds * 1000 * 2 ** job.retryCount;
          this.#wakeAt(name, this.#parts.clock.now() + pauseMs);
          throw error;
        } finally {
          this.#inHand -= 1;
        }
      });
    }
    const envelope: JobEnvelope = { tenant_id: null, data: {} };
    for (const [name, cron] of this.#regular) await boss.schedule(name, cron, envelope, { tz: 'UTC' });
    await forgetOthers(boss, this.#regular);
    for (const name of this.#regular.keys())
      await this.enqueue(name, {}, { tenantId: null, singletonKey: name });
  }

  get #timing(): QueueTiming {
    // Alone with its database this process enqueues everything itself, and knows when it is due.
    const backstopSeconds = this.#parts.database.kind === 'embedded' ? 15 : 2;
    return { heartbeatSeconds: 15, superviseSeconds: 10, backstopSeconds, ...this.#parts.timing };
  }

  #wakeAt(name: string, runAt: number | undefined): void {
    const { clock } = this.#parts;
    const inMs = (runAt ?? 0) - clock.now();
    if (inMs <= 0) this.#wake(name);
    // A little later than due: the database's clock decides.
    else if (inMs <= longestTimerMs) {
      const cancel = clock.after(inMs + 20, () => this.#wake(name));
      this.#stopping.signal.addEventListener('abort', cancel, { once: true });
    }
  }

  #wake(name: string): void {
    this.#channel.wake(name);
    if (this.#parts.bus.remote) this.#parts.bus.publish({ kind: 'job-queued', name });
  }
}

/** A schedule of a former version has no handler any more. */
async function forgetOthers(boss: PgBoss, regular: ReadonlyMap<string, string>): Promise<void> {
  for (const { name } of await boss.getSchedules()) if (!regular.has(name)) await boss.unschedule(name);
}
