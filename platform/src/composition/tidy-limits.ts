import type { Clock } from '../port/clock.ts';
import type { Log } from '../port/log.ts';
import type { RateLimiter } from '../port/rate-limiter.ts';

/** Between looks for limits that nobody uses any more. */
const intervalMs = 10 * 60_000;

/** Forgets limits that nobody uses any more, now and then. Returns the way to stop. */
export function tidyLimits(context: { limiter: RateLimiter; clock: Clock; log: Log }): () => void {
  const { limiter, clock, log } = context;
  const stopped = new AbortController();
  const tidy = async () => {
    for (;;) {
      await clock.sleep(intervalMs, stopped.signal);
      if (stopped.signal.aborted) return;
      await limiter.forgetIdle().catch((error: unknown) => log.warn('idle limits are kept', { error }));
    }
  };
  void tidy();
  return () => stopped.abort();
}
