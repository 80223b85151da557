/** Time, injected everywhere so that tests decide what time it is. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds that only ever grow, for measuring durations. */
  monotonic(): number;
  /** Ends after `ms`, or at once when `signal` aborts. Contract: never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
