import { expect, test } from 'vitest';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';

test('sleep ends at once when it is aborted, without rejecting', async () => {
  const abort = new AbortController();
  const slept = systemClock.sleep(60_000, abort.signal);
  abort.abort();
  await expect(slept).resolves.toBeUndefined();
});

test('sleep on an aborted signal does not start', async () => {
  await expect(systemClock.sleep(60_000, AbortSignal.abort())).resolves.toBeUndefined();
});

test('sleep longer than a timer can hold does not end at once', async () => {
  const abort = new AbortController();
  const slept = systemClock.sleep(2 ** 40, abort.signal).then(() => 'ended');
  const first = await Promise.race([slept, systemClock.sleep(20).then(() => 'still asleep')]);
  abort.abort();
  expect(first).toBe('still asleep');
});

test('sleep lasts as long as was asked', async () => {
  const start = systemClock.monotonic();
  await systemClock.sleep(15);
  expect(systemClock.monotonic() - start).toBeGreaterThanOrEqual(14);
});
