import { BatutaError } from '@batuta/contract';

import type { EmulatedRequest, RequestOutcome } from './emulated-request.ts';

/** How many requests came, and how their answers ended. */
export interface RequestCounts {
  received: number;
  open: number;
  answered: number;
  cut: number;
  aborted: number;
}

interface Waiter {
  ready: () => boolean;
  resolve: () => void;
}

const noCounts: RequestCounts = { received: 0, open: 0, answered: 0, cut: 0, aborted: 0 };

/** Remembers the newest requests, counts all of them, and lets a test wait for what it expects. */
export class RecordedRequests {
  readonly #limit: number;
  #requests: EmulatedRequest[] = [];
  #counts: RequestCounts = { ...noCounts };
  #waiters: Waiter[] = [];

  /** `limit` is the number of requests that are remembered; older ones are only counted. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get all(): readonly EmulatedRequest[] {
    return this.#requests;
  }

  get counts(): RequestCounts {
    return { ...this.#counts };
  }

  get nextIndex(): number {
    return this.#counts.received;
  }

  add(request: EmulatedRequest): void {
    this.#counts.received += 1;
    this.#counts.open += 1;
    this.#requests.push(request);
    // Twice the limit, then down to it: so that dropping the oldest costs nothing for each request.
    if (this.#requests.length >= 2 * this.#limit)
      this.#requests = this.#requests.slice(-this.#limit || Infinity);
    this.#wake();
  }

  settle(request: EmulatedRequest, outcome: Exclude<RequestOutcome, 'open'>): void {
    if (request.outcome !== 'open') return;
    request.outcome = outcome;
    this.#counts.open -= 1;
    this.#counts[outcome] += 1;
    this.#wake();
  }

  forget(): void {
    this.#requests = [];
    this.#counts = { ...noCounts };
  }

  /** Resolves when at least `count` requests of this kind were seen; fails with what was seen after `withinMs`. */
  async reached(kind: keyof RequestCounts, count: number, withinMs: number): Promise<void> {
    const ready = (): boolean => this.#counts[kind] >= count;
    if (ready()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { ready, resolve };
    this.#waiters.push(waiter);
    const timer = setTimeout(() => {
      this.#waiters = this.#waiters.filter((candidate) => candidate !== waiter);
      const awaited = `${count} requests to be ${kind}`;
      reject(
        new BatutaError('wait-timed-out', {
          awaited,
          seconds: withinMs / 1000,
          seen: JSON.stringify(this.#counts),
        }),
      );
    }, withinMs);
    await promise.finally(() => clearTimeout(timer));
  }

  #wake(): void {
    if (this.#waiters.length === 0) return;
    const ready = this.#waiters.filter((waiter) => waiter.ready());
    this.#waiters = this.#waiters.filter((waiter) => !ready.includes(waiter));
    for (const waiter of ready) waiter.resolve();
  }
}
