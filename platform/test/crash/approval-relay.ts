/** Crash after crash on one database while a person decides: each process that is killed is followed by one that goes on. */
import { startWorkerProcess, type WorkerHandle } from '@batuta/testkit/crash';
import { formatCrashOrder, type CrashOrder } from '@batuta/testkit/crash/order';
import type { OutsideEffect } from '@batuta/testkit/crash/outside-world';
import type { StoredCase, WorkerSetup } from '@batuta/testkit/crash/protocol';
import { join } from 'node:path';
import type { ApprovalCase } from './approval-rules.ts';
import type { Passed } from './crash-points.ts';
import { nextKey, setupAt, type CrashPlace } from './crash-relay.ts';
import { plan } from './treasurer-scenario.ts';

/** Whose run it is, and how its processes are set up. */
export interface Kind {
  agent: ApprovalCase['agent'];
  approvalHours?: number;
}

export const treasurer: Kind = { agent: 'treasurer' };

/** An approval of `late` is over after a little more than a second. */
export const late: Kind = { agent: 'late', approvalHours: 1.2 / 3_600 };

const scenario = join(import.meta.dirname, 'treasurer-scenario.ts');

/** Relays crashes of runs of one kind. */
export class ApprovalRelay {
  readonly #place: CrashPlace;
  readonly #kind: Kind;
  #worker: WorkerHandle | undefined;

  constructor(place: CrashPlace, kind: Kind) {
    this.#place = place;
    this.#kind = kind;
  }

  /** The points that a run passes when nothing disturbs it. */
  async passUndisturbed(): Promise<Passed[]> {
    const worker = await this.#start({ coalesceMs: 1_000 });
    const { id } = await worker.ask('accept', this.#request(nextKey()));
    await worker.ask('finish', { runId: id, decision: null, plan });
    const passed = await worker.ask('passed', {});
    await Promise.all([worker.ask('stop', {}), worker.died]);
    return passed.filter(({ detail }) => detail.runId === id);
  }

  /**
   * Kills the process by an order, and lets the next one finish. Null when the run never came to that point: how often it waits depends on
   * how many decisions it finds when it is woken.
   */
  async crash(order: CrashOrder): Promise<ApprovalCase | null> {
    const victim = this.#worker ?? (await this.#start());
    await victim.ask('arm', { order: formatCrashOrder(order) });
    const key = nextKey();
    const ended = this.#work(victim, key);
    const death = this.#dead(victim, formatCrashOrder(order));
    if ((await Promise.race([death, ended])) === 'ended') {
      await victim.ask('arm', { order: null });
      this.#worker = victim;
      return null;
    }
    return this.#recover(key, formatCrashOrder(order));
  }

  /** The person decides while no process works: one that only serves the API records it, and is killed then. */
  async decideWhileNobodyWorks(order: CrashOrder): Promise<ApprovalCase> {
    const victim = this.#worker ?? (await this.#start());
    await victim.ask('arm', { order: formatCrashOrder(order) });
    const key = nextKey();
    const accepted = victim.ask('accept', this.#request(key)).catch(() => null);
    await this.#dead(victim, formatCrashOrder(order));
    const door = await this.#open();
    const runId = (await accepted)?.id ?? (await door.ask('dump', { key })).runs[0]?.id ?? '';
    await door.ask('decide', { runId, plan });
    door.signal('SIGKILL');
    await door.died;
    return this.#recover(key, `decided after ${formatCrashOrder(order)}`);
  }

  /** The person decides what else waits at the moment at which another process takes the run over. */
  async decideWhileTakenOver(order: CrashOrder): Promise<ApprovalCase> {
    const victim = this.#worker ?? (await this.#start());
    await victim.ask('arm', { order: formatCrashOrder(order) });
    const key = nextKey();
    void this.#work(victim, key);
    await this.#dead(victim, formatCrashOrder(order));
    const name = `decided in a take-over after ${formatCrashOrder(order)}`;
    return this.#recover(key, name, async (next, runId) => {
      const taken = next.heard((news) => news.news === 'claimed' && news.runId === runId);
      await next.ask('start', {});
      await Promise.all([taken, next.ask('decide', { runId, plan })]);
    });
  }

  async #recover(
    key: string,
    name: string,
    begin = async (next: WorkerHandle, _runId: string): Promise<void> => void (await next.ask('start', {})),
  ): Promise<ApprovalCase> {
    const next = await this.#open();
    const before = await next.ask('dump', { key });
    const effectsBefore = this.#effectsOf(before);
    await begin(next, before.runs[0]?.id ?? '');
    const { id } = await next.ask('accept', this.#request(key));
    await next.ask('finish', { runId: id, decision: null, plan });
    const after = await next.ask('dump', { key });
    this.#worker = next;
    const { agent } = this.#kind;
    return { name, agent, before, effectsBefore, after, effectsAfter: this.#effectsOf(after) };
  }

  /** The victim works and its person decides, until the run has ended or the process is dead. */
  async #work(victim: WorkerHandle, key: string): Promise<'ended' | 'dead'> {
    try {
      const { id } = await victim.ask('accept', this.#request(key));
      await victim.ask('finish', { runId: id, decision: null, plan });
      return 'ended';
    } catch {
      return this.#whenDead(victim);
    }
  }

  async #whenDead(victim: WorkerHandle): Promise<'dead'> {
    await victim.died;
    return 'dead';
  }

  #request(key: string) {
    return { agent: this.#kind.agent, input: `Pay (${key}).`, key };
  }

  async #dead(victim: WorkerHandle, name: string): Promise<'dead'> {
    const overdue = Promise.withResolvers<never>();
    const timer = setTimeout(() => overdue.reject(new Error(`${name}: never came to this point`)), 60_000);
    await Promise.race([victim.died, overdue.promise]).finally(() => clearTimeout(timer));
    this.#worker = undefined;
    return 'dead';
  }

  #effectsOf({ runs }: StoredCase): OutsideEffect[] {
    const ids = new Set(runs.map((run) => run.id));
    return this.#place.outside.effects.filter((effect) => ids.has(effect.runId));
  }

  #open(more: Partial<WorkerSetup> = {}): Promise<WorkerHandle> {
    const { approvalHours } = this.#kind;
    const hours = approvalHours === undefined ? {} : { approvalHours };
    return startWorkerProcess(setupAt(this.#place, { scenario, ...hours, ...more }));
  }

  async #start(more: Partial<WorkerSetup> = {}): Promise<WorkerHandle> {
    const worker = await this.#open(more);
    await worker.ask('start', {});
    return worker;
  }
}
