import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../port/clock.ts';

/** The longest delay that a timer of Node can hold; longer ones would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep,
};

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  const end = performance.now() + ms;
  const options = signal === undefined ? {} : { signal };
  try {
    for (let left = ms; left > 0; left = end - performance.now()) {
      await delay(Math.min(left, longestTimerMs), undefined, options);
    }
  } catch {
    // Aborted: sleep is over.
  }
}
