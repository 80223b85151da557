import { setTimeout as delay } from 'node:timers/promises';
import type { Probe, ProbeDetail, ProbePoint } from '@batuta/platform/ports';
import type { CrashOrder } from './crash-order.ts';

/** What a crash probe is made of. */
export interface CrashProbeOptions {
  /** Null: nothing happens until an order is given. */
  order?: CrashOrder | null;
  /** Told of every arrival that the process lives to see. */
  inner?: Probe;
  /** Told right before the process kills or stops itself. Contract: has done its work when it returns. */
  onCrash?: (order: CrashOrder) => void;
}

const signals = { kill: 'SIGKILL', stop: 'SIGSTOP' } as const;

/** A probe that kills or stops its own process at the ordered arrival at a point: no handler runs, nothing is flushed. */
export class CrashProbe implements Probe {
  readonly #inner: Probe | undefined;
  readonly #onCrash: (order: CrashOrder) => void;
  #order: CrashOrder | null;
  #arrivals = 0;
  /** Runs in the order in which they were first seen since the order was given. */
  #runs: string[] = [];

  constructor(options: CrashProbeOptions = {}) {
    this.#order = options.order ?? null;
    this.#inner = options.inner;
    this.#onCrash = options.onCrash ?? (() => undefined);
  }

  /** Gives another order (or none); arrivals and runs are counted anew. */
  arm(order: CrashOrder | null): void {
    this.#order = order;
    this.#arrivals = 0;
    this.#runs = [];
  }

  reach(point: ProbePoint, detail: ProbeDetail): Promise<void> | undefined {
    if (!this.#runs.includes(detail.runId)) this.#runs.push(detail.runId);
    const order = this.#order;
    if (order?.point === point && this.#passesFilters(order, detail)) {
      this.#arrivals += 1;
      if (this.#arrivals === order.nth) return this.#crash(order);
    }
    return this.#inner?.reach(point, detail);
  }

  #passesFilters({ run, name, event }: CrashOrder, detail: ProbeDetail): boolean {
    if (run !== undefined && this.#runs[run - 1] !== detail.runId) return false;
    if (name !== undefined && detail.name !== name) return false;
    return event === undefined || (detail.events?.includes(event) ?? false);
  }

  /** A killed process never returns from here; a stopped one goes on when it is continued. */
  #crash(order: CrashOrder): Promise<void> | undefined {
    this.#order = null;
    const crash = () => {
      this.#onCrash(order);
      process.kill(process.pid, signals[order.action]);
    };
    if (order.linger !== undefined) return delay(order.linger).then(crash);
    crash();
    return undefined;
  }
}
