/**
 * Crash after crash on one database, with one process start for each: the process that has finished the run of the last
 * crash is the one that crashes next.
 */
import type { Run } from '@batuta/contract';
import { startWorkerProcess, type WorkerHandle } from '@batuta/testkit/crash';
import { formatCrashOrder, type CrashOrder } from '@batuta/testkit/crash/order';
import type { OutsideEffect, OutsideWorld } from '@batuta/testkit/crash/outside-world';
import type { StoredCase, WorkerDatabase, WorkerSetup } from '@batuta/testkit/crash/protocol';
import { join } from 'node:path';
import type { Passed } from './crash-points.ts';

/** Where crashes happen. */
export interface CrashPlace {
  database: WorkerDatabase;
  outside: OutsideWorld;
}

/** Everything that is known of one crash and what came after it. */
export interface CrashCase {
  /** The order, or what else killed the process. */
  name: string;
  /** Id that the first process acknowledged, if it lived to do so. */
  acknowledged: string | null;
  /** Id that the next process gave for the same idempotency key. */
  repeatedId: string;
  /** What was stored when the first process (and each further one that crashed) was dead; the last before recovery. */
  before: StoredCase;
  after: StoredCase;
  /** Effects that had happened when the process was dead, and all of them. */
  effectsBefore: OutsideEffect[];
  effectsAfter: OutsideEffect[];
  run: Run;
  /** Milliseconds from the death of the process to the moment at which another took the run; null when it had nothing to take. */
  recoveryMs: number | null;
}

const scenario = join(import.meta.dirname, 'clerk-scenario.ts');
let lastKey = 0;

/** How a worker process of this suite is set up. */
export function setupAt({ database, outside }: CrashPlace, more: Partial<WorkerSetup> = {}): WorkerSetup {
  return { database, scenario, outside: outside.url, leaseMs: 1_000, pollMs: 50, ...more };
}

/** An idempotency key that no case had before. */
export function nextKey(): string {
  lastKey += 1;
  return `case-${lastKey}`;
}

/** One run request of the suite. */
export function acceptRequest(key: string) {
  return { agent: 'clerk', input: `Do your work (${key}).`, key };
}

/** Results that come within this time share a commit: long enough that the number of commits is always the same. */
const countingCoalesceMs = 1_000;

/** The points that a run passes when nothing disturbs it. */
export async function passUndisturbed(place: CrashPlace): Promise<Passed[]> {
  const worker = await startWorkerProcess(setupAt(place, { coalesceMs: countingCoalesceMs }));
  await worker.ask('start', {});
  const { id } = await worker.ask('accept', acceptRequest(nextKey()));
  await worker.ask('finish', { runId: id, decision: null });
  const passed = await worker.ask('passed', {});
  // Ended by itself, it leaves its compiled code to those that come after it.
  await Promise.all([worker.ask('stop', {}), worker.died]);
  return passed;
}

export class CrashRelay {
  readonly #place: CrashPlace;
  #worker: WorkerHandle | undefined;
  /** On a server the next process is there before the crash; an embedded database has one process at a time. */
  #standby: Promise<WorkerHandle> | undefined;

  constructor(place: CrashPlace) {
    this.#place = place;
  }

  /** Kills the process by these orders, one process after the other, and lets the next one finish. */
  async crash(...orders: [CrashOrder, ...CrashOrder[]]): Promise<CrashCase> {
    const [first, ...further] = orders;
    const victim = await this.#current();
    await victim.ask('arm', { order: formatCrashOrder(first) });
    return this.#afterDeath(victim, { name: orders.map(formatCrashOrder).join(' then '), further });
  }

  /** Kills the process from outside, when the outside world has carried out this call and before it answers. */
  async crashDuring(callId: string): Promise<CrashCase> {
    const victim = await this.#current();
    const { outside } = this.#place;
    outside.beforeAnswer = (effect) => {
      if (effect.callId !== callId) return undefined;
      outside.beforeAnswer = null;
      victim.signal('SIGKILL');
      return victim.died.then(() => undefined);
    };
    return this.#afterDeath(victim, { name: `during ${callId}`, further: [] });
  }

  async #afterDeath(
    victim: WorkerHandle,
    { name, further }: { name: string; further: CrashOrder[] },
  ): Promise<CrashCase> {
    const key = nextKey();
    const accepted = this.#acceptIn(victim, key);
    let { at: diedAt } = await this.#untilDead(victim, name);
    let next = await this.#next();
    for (const order of further) {
      await next.ask('arm', { order: formatCrashOrder(order) });
      await next.ask('start', {});
      diedAt = (await this.#untilDead(next, name)).at;
      next = await this.#next();
    }
    const acknowledged = await accepted;
    const before = await next.ask('dump', { key });
    const effectsBefore = this.#effectsOf(before);
    const isAlone = before.runs.length > 0 && before.runs.some((run) => run.status === 'running');
    await next.ask('start', {});
    const taken = isAlone ? this.#taken(next, before, diedAt) : null;
    const { id } = await next.ask('accept', acceptRequest(key));
    const run = await next.ask('finish', { runId: id, decision: 'done' });
    const after = await next.ask('dump', { key });
    this.#worker = next;
    const recoveryMs = await taken;
    const effectsAfter = this.#effectsOf(after);
    return {
      name,
      acknowledged,
      repeatedId: id,
      before,
      after,
      effectsBefore,
      effectsAfter,
      run,
      recoveryMs,
    };
  }

  async #acceptIn(victim: WorkerHandle, key: string): Promise<string | null> {
    try {
      const { id } = await victim.ask('accept', acceptRequest(key));
      return id;
    } catch {
      return null;
    }
  }

  /** A run that ends undisturbed never came to the point: that is a fault of the case. */
  async #untilDead(victim: WorkerHandle, name: string) {
    const death = await Promise.race([victim.died, overdue(name)]);
    if (death.signal !== 'SIGKILL')
      throw new Error(`${name}: the process ended by itself: ${victim.complaints}`);
    return death;
  }

  async #taken(worker: WorkerHandle, before: StoredCase, diedAt: number): Promise<number> {
    const ids = new Set(before.runs.filter((run) => run.status === 'running').map((run) => run.id));
    await worker.heard((news) => news.news === 'claimed' && ids.has(news.runId));
    return performance.now() - diedAt;
  }

  #effectsOf({ runs }: StoredCase): OutsideEffect[] {
    const ids = new Set(runs.map((run) => run.id));
    return this.#place.outside.effects.filter((effect) => ids.has(effect.runId));
  }

  async #current(): Promise<WorkerHandle> {
    if (!this.#worker) {
      this.#worker = await startWorkerProcess(setupAt(this.#place));
      await this.#worker.ask('start', {});
    }
    if ('url' in this.#place.database && !this.#standby) {
      this.#standby = startWorkerProcess(setupAt(this.#place));
      // It may be ended, after its last case, before it was ready.
      this.#standby.catch(() => undefined);
    }
    return this.#worker;
  }

  async #next(): Promise<WorkerHandle> {
    const next = await (this.#standby ?? startWorkerProcess(setupAt(this.#place)));
    this.#standby = undefined;
    return next;
  }
}

const overdueMs = 60_000;

async function overdue(name: string): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  setTimeout(() => reject(new Error(`${name}: the process never came to this point`)), overdueMs).unref();
  return promise;
}
