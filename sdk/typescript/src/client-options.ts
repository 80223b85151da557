/** How a client reaches the platform. */
export interface BatutaClientOptions {
  /** Address of the platform, such as `http://localhost:3000`. */
  baseUrl: string;
  /** API key; absent in a browser that is signed in by cookie. */
  key?: string;
  /** Instead of the global `fetch`. */
  fetch?: typeof fetch;
  /** Milliseconds that one call may take, retries not counted. Streams are not bounded by it. */
  timeoutMs?: number;
  /** Tries of a call that is safe to repeat. */
  maxTries?: number;
  /** Ends after `ms`, or at once when `signal` aborts; tests give one that does not take time. */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** A number from 0 to 1, which spreads retries; tests give a fixed one. */
  random?: () => number;
}

/** What every call can be given. */
export interface CallOptions {
  signal?: AbortSignal;
}
