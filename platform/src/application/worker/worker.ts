import { BatutaError } from '@batuta/contract';
import type { Bus } from '../../port/bus.ts';
import type { ClaimedRun, HeartbeatAnswer } from '../../port/run-store.ts';
import { driveRun } from '../turn/drive-run.ts';
import type { EngineContext } from '../turn/engine-context.ts';
import { failUnopened } from '../turn/fail-unopened.ts';
import type { HeldRun, RunEnd } from '../turn/held-run.ts';
import { openClaimedRun } from '../turn/open-run.ts';
import { fetchSignals } from '../turn/take-signals.ts';
import { ClaimLoop } from './claim-loop.ts';
import { giveUp } from './give-up.ts';
import { Heartbeat } from './heartbeat.ts';
import { HeldRuns } from './held-runs.ts';

/** Times that a claimed run whose log cannot be read is tried again, in case the reason passes. */
const openAttempts = 3;

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

/** A run that the store granted to this worker: ready to go on, or with its log still to be read. */
export type GrantedRun = { held: HeldRun } | { claimed: ClaimedRun } | null;

/**
 * Claims runs, drives them, and keeps their leases.
 *
 * States: *stopped*; *working* (claims when told and at every poll, as long as there is room); *draining* (claims nothing; runs give
 * their lease back at their next commit point); *stopped* again. A granted run is first *opened* (its log is read), then *held*.
 */
export class Worker {
  readonly #context: EngineContext;
  readonly #settings: WorkerSettings;
  readonly #heartbeat: Heartbeat;
  readonly #claims: ClaimLoop;
  readonly #held = new HeldRuns();
  readonly #opening = new Map<string, Promise<void>>();
  readonly #stopped = new AbortController();
  #reserved = 0;
  #draining = false;
  #whenIdle: PromiseWithResolvers<void> | undefined;

  constructor(context: EngineContext, settings: WorkerSettings) {
    this.#context = context;
    this.#settings = settings;
    this.#claims = new ClaimLoop(
      { room: () => this.#room, claim: (options) => this.#claim(options) },
      context.log,
    );
    this.#heartbeat = new Heartbeat(context, settings, {
      isNeeded: () => this.#taken > 0,
      onAnswer: (leases, sentAt) => this.#compare(leases, sentAt),
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

  /**
   * Whether a run of this tenant can be started here at once, past the queue. While runs may be waiting in the queue, a tenant gets no more
   * than its even share of this process that way: for more it must queue, and claims are fair.
   */
  canStart(tenantId: string): boolean {
    if (this.#room === 0) return false;
    if (!this.#claims.isPending) return true;
    const own = this.#held.countOf(tenantId);
    const tenants = this.#held.tenants + (own === 0 ? 1 : 0);
    return own < this.#settings.concurrency / tenants;
  }

  get #taken(): number {
    return this.#held.size + this.#opening.size + this.#reserved;
  }

  get #room(): number {
    return this.#draining ? 0 : Math.max(0, this.#settings.concurrency - this.#taken);
  }

  /** Begins to look for work. */
  start(bus: Bus): void {
    bus.subscribe((message) => {
      if (message.kind === 'run-queued') this.queued(message.runId);
      if (message.kind === 'run-signalled') this.signalled(message.runId);
    });
    bus.onReconnect(() => this.#claims.look());
    void this.#poll();
  }

  /** Someone said that a run can be claimed. */
  queued(runId: string): void {
    this.#claims.hint(runId);
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
    accept: (workerId: string) => Promise<{ result: T; granted: GrantedRun }>,
  ): Promise<T> {
    this.#reserved += 1;
    try {
      await this.#heartbeat.ensureFresh();
      const { result, granted } = await accept(this.#settings.id);
      if (granted && 'held' in granted) this.#take(granted.held);
      if (granted && 'claimed' in granted) this.#open(granted.claimed);
      return result;
    } finally {
      this.#reserved -= 1;
      this.#claims.resume();
    }
  }

  /** Stops claiming, lets runs give their leases back at their next commit point, and after `graceMs` aborts what is in flight. */
  async stop(graceMs: number): Promise<void> {
    this.#draining = true;
    this.#stopped.abort();
    await this.#claims.stop();
    await Promise.all(this.#opening.values());
    for (const held of this.#held.all()) held.control.stop();
    const idle = this.#idle();
    const grace = new AbortController();
    const waited = this.#context.clock.sleep(graceMs, grace.signal);
    await Promise.race([idle, waited]);
    for (const held of this.#held.all()) held.control.interrupt('stopped');
    await idle;
    grace.abort();
    this.#heartbeat.stop();
    await this.#context.runs.retire(this.#settings.id).catch(() => undefined);
  }

  /** A stop that is hurried waits twice. */
  #idle(): Promise<void> {
    if (this.#held.size === 0) return Promise.resolve();
    this.#whenIdle ??= Promise.withResolvers<void>();
    return this.#whenIdle.promise;
  }

  async #poll(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      this.#claims.look();
      await this.#context.clock.sleep(this.#settings.pollMs, this.#stopped.signal);
    }
  }

  async #claim(options: { limit: number; runIds?: readonly string[] }): Promise<number> {
    this.#reserved += options.limit;
    try {
      if (this.#held.size > 0 || options.runIds) await this.#heartbeat.ensureFresh();
      const claimed = await this.#context.runs.claim(this.#settings.id, options);
      if (claimed.length > 0) await this.#heartbeat.ensureFresh();
      for (const each of claimed) this.#open(each);
      return claimed.length;
    } finally {
      this.#reserved -= options.limit;
    }
  }

  /** Nobody waits for it: a run that is slow to open keeps no other from being claimed. */
  #open(claimed: ClaimedRun): void {
    const { runId } = claimed.lease;
    const opening = this.#openUntilDone(claimed).finally(() => {
      this.#opening.delete(runId);
      this.#claims.look();
    });
    this.#opening.set(runId, opening);
  }

  async #openUntilDone(claimed: ClaimedRun): Promise<void> {
    const { runId } = claimed.lease;
    await this.#context.probe.reach('claim-after', { runId });
    for (let attempt = 1; ; attempt += 1) {
      try {
        return this.#take(await openClaimedRun(this.#context, claimed));
      } catch (error) {
        this.#context.log.error('a run cannot be opened', { run_id: runId, error });
        const isFinal = BatutaError.has(error, 'event-unreadable') || attempt >= openAttempts;
        if (BatutaError.has(error, 'lease-lost')) return;
        if (isFinal && !BatutaError.has(error, 'database-unreachable'))
          return this.#failUnopened(claimed, error);
      }
      if (this.#stopped.signal.aborted) return;
      await this.#context.clock.sleep(this.#settings.pollMs, this.#stopped.signal);
    }
  }

  async #failUnopened(claimed: ClaimedRun, error: unknown): Promise<void> {
    const incident = this.#context.ids.create('message').slice(-10);
    const { code, message, data } = BatutaError.has(error, 'event-unreadable')
      ? error
      : new BatutaError('internal', { incident }, { cause: error });
    try {
      await failUnopened(this.#context, claimed, { code, message, data });
      if (claimed.run.parent) this.#context.notify.queued(claimed.run.parent.runId);
    } catch (failure) {
      this.#context.log.error('a run cannot be failed', { run_id: claimed.lease.runId, error: failure });
    }
  }

  #take(held: HeldRun): void {
    this.#held.add(held, this.#context.clock.monotonic());
    if (this.#draining) held.control.stop();
    void this.#drive(held).finally(() => {
      this.#held.remove(held);
      if (this.#held.size === 0) this.#whenIdle?.resolve();
      this.#claims.look();
    });
  }

  async #drive(held: HeldRun): Promise<void> {
    const { runId } = held.lease;
    const options = { pauseMs: this.#settings.pollMs, stopped: this.#stopped.signal };
    try {
      const end = await driveRun(this.#context, held).catch((error: unknown) =>
        giveUp(this.#context, held, { error, ...options }),
      );
      this.#tellOthers(held, end);
    } finally {
      // Whatever is still in flight (a tool that ignores its signal) must not believe that anyone waits for it.
      held.control.interrupt(held.control.interruption ?? 'stopped');
      this.#context.feed.letGo(held.lease.sessionId);
    }
    this.#context.log.debug('run let go', { run_id: runId });
  }

  #tellOthers(held: HeldRun, end: RunEnd): void {
    const { notify } = this.#context;
    if (end === 'woken' || end === 'released') notify.queued(held.lease.runId);
    if (end === 'ended' && held.record.parent) notify.queued(held.record.parent.runId);
  }

  #compare(leases: HeartbeatAnswer['held'], sentAt: number): void {
    const { lost, signalled, forgotten } = this.#held.compare(leases, sentAt);
    for (const held of lost) held.control.interrupt('lease-lost');
    for (const runId of signalled) this.signalled(runId);
    const abandoned = forgotten.filter(({ runId }) => !this.#opening.has(runId));
    if (abandoned.length > 0) void this.#abandon(abandoned);
  }

  async #abandon(leases: readonly { runId: string; epoch: number }[]): Promise<void> {
    try {
      await this.#context.runs.abandon(this.#settings.id, leases);
      for (const { runId } of leases) this.#context.notify.queued(runId);
    } catch (error) {
      this.#context.log.warn('leases that nobody works on cannot be given back', { error });
    }
  }

  /** No heartbeat got through for as long as a lease lives: others may have taken the runs. */
  #loseAll(): void {
    for (const held of this.#held.all()) held.control.interrupt('lease-lost');
  }
}
