import { expect, it } from 'vitest';
import { collectOnceIdle, thisProcess } from '../src/collect-once-idle.ts';

/** Lets seconds pass with these shares of work, and tells in which of them was collected and whether it still looks. */
function secondsOf(shares: readonly number[]): { collected: number[]; looks: boolean } {
  let look: (() => void) | undefined;
  let second = 0;
  const collected: number[] = [];
  collectOnceIdle({
    collect: () => void collected.push(second),
    busyShare: () => shares[second - 1] ?? 1,
    everySecond: (callback) => {
      look = callback;
      return () => (look = undefined);
    },
  });
  for (second = 1; second <= shares.length; second += 1) look?.();
  return { collected, looks: look !== undefined };
}

it('collects in the first idle second, and never again', () => {
  expect(secondsOf([0.9, 0.4, 0.02, 0.01])).toEqual({ collected: [3], looks: false });
});

it('leaves a process alone that is busy from its start on', () => {
  expect(secondsOf(Array.from({ length: 119 }, () => 0.5))).toEqual({ collected: [], looks: true });
  expect(secondsOf(Array.from({ length: 200 }, () => 0.5))).toEqual({ collected: [], looks: false });
});

it('does nothing where the collector is not exposed', () => {
  let asked = 0;
  collectOnceIdle({ ...thisProcess(), collect: null, everySecond: () => () => void (asked += 1) });
  expect(asked).toBe(0);
});

it('measures how busy this process is', async () => {
  const { busyShare } = thisProcess();
  const end = performance.now() + 50;
  while (performance.now() < end);
  await new Promise((resolve) => setImmediate(resolve));
  expect(busyShare()).toBeGreaterThan(0.3);
});
