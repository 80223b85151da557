/** Time, injected everywhere so that tests decide what time it is. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds that only ever grow, for measuring durations. */
  monotonic(): number;
  /**
   * Calls back once after `ms`, unless the function that it returns is called before. For hot paths: it costs a timer and nothing
   * else. Contract: the callback does not throw.
   */
  after(ms: number, callback: () => void): () => void;
  /** Ends after `ms`, or at once when `signal` aborts. Contract: never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
