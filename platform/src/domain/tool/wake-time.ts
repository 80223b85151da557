import type { JsonValue } from '@batuta/contract';
import { waitUntilInput } from './control-tools.ts';

const longestWaitMs = 366 * 86_400_000;

/** When a run that called `wait_until` goes on, in milliseconds since the epoch; or why it may not wait so long. A time that has passed is now. */
export function wakeTime(
  input: JsonValue,
  now: number,
): { ok: true; wakeAt: number } | { ok: false; summary: string } {
  const { until, seconds } = waitUntilInput.parse(input);
  const wanted = until === undefined ? now + (seconds ?? 0) * 1000 : Date.parse(until);
  if (wanted - now > longestWaitMs) {
    return { ok: false, summary: `"until" must be at most 366 days from now, not ${until ?? ''}` };
  }
  return { ok: true, wakeAt: Math.max(now, Math.ceil(wanted)) };
}
