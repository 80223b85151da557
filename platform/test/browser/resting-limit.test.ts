import { expect, it } from 'vitest';
import { CallLimits } from '../../src/application/turn/call-limits.ts';

/** A clock whose time passes when the test says so. */
function handClock() {
  let now = 0;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => now,
    monotonic: () => now,
    sleep: async () => undefined,
    after: (ms: number, callback: () => void) => {
      const timer = { at: now + ms, callback };
      timers.push(timer);
      return () => void (timers = timers.filter((each) => each !== timer));
    },
    pass: (ms: number) => {
      now += ms;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { callback } of due) callback();
    },
  };
}

it('rests while a person acts, also while one is asked meanwhile, and goes on afterwards', async () => {
  const clock = handClock();
  const limits = new CallLimits(clock, { onInterruption: () => () => undefined }, 100);
  const person = Promise.withResolvers<void>();
  clock.pass(60);
  const rest = limits.rest(person.promise);
  limits.pause();
  clock.pass(1_000);
  limits.resume();
  clock.pass(1_000);
  expect(limits.isOver).toBe(false);
  person.resolve();
  await rest;
  clock.pass(39);
  expect(limits.isOver).toBe(false);
  clock.pass(1);
  expect(limits.isOver).toBe(true);
});
