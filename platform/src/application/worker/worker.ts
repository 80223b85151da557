import { BatutaError } from '@batuta/contract';
import type { Bus } from '../../port/bus.ts';
import type { ClaimedRun } from '../../port/run-store.ts';
import { driveRun } from '../turn/drive-run.ts';
import type { EngineContext } from '../turn/engine-context.ts';
import { failRun } from '../turn/fail-run.ts';
import type { HeldRun, RunEnd } from '../turn/held-run.ts';
import { failUnreadable, openClaimedRun } from '../turn/open-run.ts';
import { fetchSignals } from '../turn/take-signals.ts';
import { Heartbeat } from './heartbeat.ts';

/** Runs claimed at once: while a claim is under way, its places are taken, and accepted runs should find some, too. */
const claimBatch = 16;

/** Settings of a worker. */
export interface WorkerSettings {
  id: string;
  /** Runs at the same time. */
  concurrency: number;
  /** How long a lease outlives the last heartbeat. */
  leaseMs: number;
  /** Milliseconds between looks at the queue when nobody says that there is something. */
  pollMs: number;
}

/**
 * Claims runs, drives them, and keeps their leases.
 *
 * States: *stopped*; *working* (claims when told and at every poll, as long as there is room); *draining* (claims nothing; runs give
 * their lease back at their next commit point); *stopped* again. A run in hand is in `#held` from before its lease can be seen by
 * others until nothing of it is under way in this process.
 */
export class Worker {
  readonly #context: EngineContext;
  readonly #settings: WorkerSettings;
  readonly #heartbeat: Heartbeat;
  readonly #held = new Map<string, HeldRun>();
  readonly #stopped = new AbortController();
  readonly #hints = new Set<string>();
  #reserved = 0;
  #claiming: Promise<void> | undefined;
  #claimAgain = false;
  #draining = false;
  #whenIdle: (() => void) | undefined;

  constructor(context: EngineContext, settings: WorkerSettings) {
    this.#context = context;
    this.#settings = settings;
    this.#heartbeat = new Heartbeat(context, settings, {
      isNeeded: () => this.#held.size + this.#reserved > 0,
      onAnswer: (held) => this.#compare(held),
      onExpired: () => this.#loseAll(),
    });
  }

  get id(): string {
    return this.#settings.id;
  }

  /** Runs in hand. */
  get size(): number {
    return this.#held.size;
  }

  /** Whether another run can be started here at once. */
  get hasRoom(): boolean {
    return !this.#draining && this.#held.size + this.#reserved < this.#settings.concurrency;
  }

  /** Begins to look for work. */
  start(bus: Bus): void {
    bus.subscribe((message) => {
      if (message.kind === 'run-queued') this.queued(message.runId);
      if (message.kind === 'run-signalled') this.signalled(message.runId);
    });
    bus.onReconnect(() => this.#claimSoon());
    void this.#poll();
  }

  /** Someone said that a run can be claimed. */
  queued(runId: string): void {
    if (this.#hints.size < this.#settings.concurrency) this.#hints.add(runId);
    this.#claimSoon();
  }

  /** Someone said that a signal waits for a run. */
  signalled(runId: string): void {
    const held = this.#held.get(runId);
    if (!held) return;
    held.control.mustFetch = true;
    void fetchSignals(this.#context, held).catch((error: unknown) => {
      held.control.mustFetch = true;
      this.#context.log.warn('signals of a run cannot be read', { run_id: runId, error });
    });
  }

  /**
   * Keeps a place for a run that is being accepted, with a heartbeat that is fresh when its lease becomes visible. `accept`
   * gives the run if the store granted it to this worker.
   */
  async startAccepted<T>(
    accept: (workerId: string) => Promise<{ result: T; held: HeldRun | null }>,
  ): Promise<T> {
    this.#reserved += 1;
    try {
      await this.#heartbeat.ensureFresh();
      const { result, held } = await accept(this.#settings.id);
      if (held) this.#take(held);
      return result;
    } finally {
      this.#reserved -= 1;
    }
  }

  /** Stops claiming, lets runs give their leases back at their next commit point, and after `graceMs` aborts what is in flight. */
  async stop(graceMs: number): Promise<void> {
    this.#draining = true;
    this.#stopped.abort();
    await this.#claiming;
    for (const held of this.#held.values()) held.control.stop();
    const idle = this.#idle();
    const grace = new AbortController();
    const waited = this.#context.clock.sleep(graceMs, grace.signal);
    await Promise.race([idle, waited]);
    for (const held of this.#held.values()) held.control.interrupt('stopped');
    await idle;
    grace.abort();
    this.#heartbeat.stop();
    await this.#context.runs.retire(this.#settings.id).catch(() => undefined);
  }

  #idle(): Promise<void> {
    if (this.#held.size === 0) return Promise.resolve();
    return new Promise((resolve) => (this.#whenIdle = resolve));
  }

  async #poll(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      this.#claimSoon();
      await this.#context.clock.sleep(this.#settings.pollMs, this.#stopped.signal);
    }
  }

  #claimSoon(): void {
    if (this.#draining) return;
    this.#claimAgain = true;
    this.#claiming ??= this.#claimLoop().finally(() => {
      this.#claiming = undefined;
    });
  }

  async #claimLoop(): Promise<void> {
    while (this.#claimAgain && this.hasRoom) {
      this.#claimAgain = false;
      try {
        await this.#claim();
      } catch (error) {
        this.#context.log.warn('the queue cannot be read', { error });
        return;
      }
    }
  }

  /** First the runs that someone named, then whatever is oldest. */
  async #claim(): Promise<void> {
    const runIds = [...this.#hints];
    this.#hints.clear();
    const free = this.#settings.concurrency - this.#held.size - this.#reserved;
    const limit = Math.min(free, claimBatch);
    this.#reserved += limit;
    try {
      if (this.#held.size > 0 || runIds.length > 0) await this.#heartbeat.ensureFresh();
      const narrowed = runIds.length > 0 ? { limit, runIds } : { limit };
      const claimed = await this.#context.runs.claim(this.#settings.id, narrowed);
      if (claimed.length > 0) await this.#heartbeat.ensureFresh();
      if (claimed.length > 0) this.#claimAgain = true;
      await Promise.all(claimed.map((each) => this.#open(each)));
    } finally {
      this.#reserved -= limit;
    }
  }

  async #open(claimed: ClaimedRun): Promise<void> {
    const { runId } = claimed.lease;
    await this.#context.probe.reach('claim-after', { runId });
    while (!this.#stopped.signal.aborted) {
      try {
        return this.#take(await openClaimedRun(this.#context, claimed));
      } catch (error) {
        this.#context.log.error('a run cannot be opened', { run_id: runId, error });
        if (BatutaError.has(error, 'lease-lost')) return;
        if (BatutaError.has(error, 'event-unreadable')) {
          return await failUnreadable(this.#context, claimed, error).catch(() => undefined);
        }
      }
      await this.#context.clock.sleep(this.#settings.pollMs, this.#stopped.signal);
    }
  }

  #take(held: HeldRun): void {
    this.#held.set(held.lease.runId, held);
    if (this.#draining) held.control.stop();
    void this.#drive(held).finally(() => {
      if (this.#held.get(held.lease.runId) === held) this.#held.delete(held.lease.runId);
      if (this.#held.size === 0) this.#whenIdle?.();
      this.#claimSoon();
    });
  }

  async #drive(held: HeldRun): Promise<void> {
    const { runId } = held.lease;
    try {
      const end = await driveRun(this.#context, held);
      this.#tellOthers(held, end);
    } catch (error) {
      await this.#giveUp(held, error);
    } finally {
      // Whatever is still in flight (a tool that ignores its signal) must not believe that anyone waits for it.
      held.control.interrupt(held.control.interruption ?? 'stopped');
    }
    this.#context.log.debug('run let go', { run_id: runId });
  }

  #tellOthers(held: HeldRun, end: RunEnd): void {
    const { notify } = this.#context;
    if (end === 'woken' || end === 'released') notify.queued(held.lease.runId);
    if (end === 'ended' && held.record.parent) notify.queued(held.record.parent.runId);
  }

  /** An error that no step expected: the run fails with an incident number, or is left to another worker if even that fails. */
  async #giveUp(held: HeldRun, error: unknown): Promise<void> {
    const incident = this.#context.ids.create('message').slice(-10);
    const fields = { run_id: held.lease.runId, incident, error };
    if (BatutaError.has(error, 'database-unreachable')) {
      this.#context.log.warn('a run was let go because the database cannot be reached', fields);
      return this.#release(held);
    }
    this.#context.log.error('a run failed inside the engine', fields);
    try {
      await failRun(this.#context, held, { code: 'internal', data: { incident } });
    } catch {
      await this.#release(held);
    }
  }

  /** Gives the lease back as soon as the database answers; until then the run counts as in hand, so nobody waits in vain for it. */
  async #release(held: HeldRun): Promise<void> {
    while (held.control.interruption !== 'lease-lost') {
      try {
        await held.journal.commit({ release: true });
        return;
      } catch (error) {
        if (!BatutaError.has(error, 'database-unreachable')) return;
      }
      await this.#context.clock.sleep(this.#settings.pollMs, held.control.signal);
      if (this.#stopped.signal.aborted) return;
    }
  }

  #compare(held: readonly { runId: string; epoch: number; signalsPending: boolean }[]): void {
    const known = new Map(held.map((each) => [each.runId, each]));
    for (const [runId, run] of this.#held) {
      const now = known.get(runId);
      if (now?.signalsPending) this.signalled(runId);
      if (now && now.epoch !== run.lease.epoch) run.control.interrupt('lease-lost');
    }
  }

  /** No heartbeat got through for as long as a lease lives: others may have taken the runs. */
  #loseAll(): void {
    for (const held of this.#held.values()) held.control.interrupt('lease-lost');
  }
}
