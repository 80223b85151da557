import type { Clock } from '../../port/clock.ts';

/** The longest delay that a timer of Node can hold; longer ones would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after,
  sleep,
};

function after(ms: number, callback: () => void): () => void {
  const end = performance.now() + ms;
  let timer: NodeJS.Timeout;
  const wait = (left: number): void => {
    timer = setTimeout(
      () => (performance.now() < end - 1 ? wait(end - performance.now()) : callback()),
      Math.min(left, longestTimerMs),
    );
  };
  wait(ms);
  return () => clearTimeout(timer);
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0 || signal?.aborted) return resolve();
    const wake = (): void => {
      stop();
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const stop = after(ms, wake);
    signal?.addEventListener('abort', wake, { once: true });
  });
}
