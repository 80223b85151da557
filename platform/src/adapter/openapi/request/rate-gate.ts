import type { Clock } from '../../../port/clock.ts';
import type { RateLimiter } from '../../../port/rate-limiter.ts';
import { RequestFault } from './request-fault.ts';

/** Lets calls through as often as an API allows. */
export type RateGate = (call: { tenantId: string; deadline: number; signal: AbortSignal }) => Promise<void>;

/**
 * A gate of so many calls a minute for each tenant, whatever process they come from. A call waits for its turn within its time, or is told
 * when to come again (`RequestFault`). A limiter that does not answer holds up nobody.
 */
export function makeRateGate(
  api: string,
  callsPerMinute: number | null,
  { limiter, clock }: { limiter: RateLimiter; clock: Clock },
): RateGate {
  if (callsPerMinute === null) return async () => undefined;
  const perSecond = callsPerMinute / 60;
  const bucket = {
    key: `openapi:${api}`,
    capacity: callsPerMinute,
    perSecond,
    least: 1,
    most: 1,
    spare: 0,
    forced: false,
  };
  return async ({ tenantId, deadline, signal }) => {
    for (;;) {
      const [answer] = await limiter.take([{ ...bucket, tenantId }]).catch(() => []);
      if (!answer || answer.taken > 0) return;
      const waitMs = Math.max(10, ((1 - answer.left) / perSecond) * 1000);
      if (clock.now() + waitMs >= deadline) {
        const seconds = Math.ceil(waitMs / 1000);
        throw new RequestFault(
          `its limit of ${callsPerMinute} calls a minute is reached: nothing was sent; call again in ${seconds} s`,
        );
      }
      await clock.sleep(waitMs, signal);
      signal.throwIfAborted();
    }
  };
}
