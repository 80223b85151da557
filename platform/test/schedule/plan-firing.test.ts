import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { planFiring, singleTime, type Times } from '../../src/domain/schedule/plan-firing.ts';

const minute = 60_000;
const hour = 60 * minute;

/** Every full hour. */
const hourly: Times = {
  next: (after) => (Math.floor(after / hour) + 1) * hour,
  previous: (upTo, count) =>
    Array.from({ length: count }, (_, index) => (Math.floor(upTo / hour) - index) * hour),
};

const noon = 12 * hour;
const usual = { dueAt: noon, missed: 'skip', queuedUntil: null } as const;

describe('times of a schedule', () => {
  it('waits for a time that is to come', () => {
    expect(planFiring(hourly, { ...usual, now: noon - 1 })).toEqual({ fire: [], next: noon });
  });

  it.each(['skip', 'run-once', 'run-all'] as const)('starts one run in time, with %s', (missed) => {
    const plan = planFiring(hourly, { ...usual, missed, now: noon + 1_000 });
    expect(plan).toEqual({ fire: [noon], next: noon + hour });
  });

  it.each([
    ['skip', []],
    ['run-once', [noon + 3 * hour]],
    ['run-all', [0, 1, 2, 3].map((hours) => noon + hours * hour)],
  ] as const)('makes up for a downtime as the policy %s says', (missed, fire) => {
    const now = noon + 3 * hour + 30 * minute;
    expect(planFiring(hourly, { ...usual, missed, now })).toEqual({ fire: [...fire], next: noon + 4 * hour });
  });

  it('starts what is due now after a downtime, whatever was missed', () => {
    const now = noon + 3 * hour + 1_000;
    expect(planFiring(hourly, { ...usual, now }).fire).toEqual([noon + 3 * hour]);
  });

  it('keeps at most ten times that came while a run went on', () => {
    const now = noon + 30 * hour + 30 * minute;
    const few = planFiring(hourly, { ...usual, now, queuedUntil: noon + 2 * hour + 5 });
    expect(few.fire).toEqual([noon, noon + hour, noon + 2 * hour]);
    expect(planFiring(hourly, { ...usual, now, queuedUntil: now }).fire).toHaveLength(10);
  });

  it('makes up for a hundred times and no more', () => {
    const now = noon + 5_000 * hour;
    expect(planFiring(hourly, { ...usual, missed: 'run-all', now }).fire).toHaveLength(100);
  });

  it('has a single time once', () => {
    const once = singleTime(noon);
    expect(planFiring(once, { ...usual, now: noon + 5 })).toEqual({ fire: [noon], next: null });
    const late = { ...usual, now: noon + hour };
    expect(planFiring(once, late)).toEqual({ fire: [], next: null });
    expect(planFiring(once, { ...late, missed: 'run-once' }).fire).toEqual([noon]);
  });
});

test('no time is planned twice, none before it is due, and the next is always ahead', () => {
  const policy = fc.constantFrom('skip', 'run-once', 'run-all');
  const steps = fc.array(fc.integer({ min: 1, max: 40 * hour }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(policy, steps, (missed, pauses) => {
      const fired: number[] = [];
      let now = noon;
      let dueAt = noon + hour;
      for (const pause of pauses) {
        now += pause;
        const plan = planFiring(hourly, { dueAt, now, missed, queuedUntil: null });
        fired.push(...plan.fire);
        dueAt = plan.next ?? 0;
        expect(dueAt).toBeGreaterThan(now);
      }
      expect(fired.every((time) => time <= now)).toBe(true);
      expect(new Set(fired).size).toBe(fired.length);
      expect(fired.toSorted((a, b) => a - b)).toEqual(fired);
    }),
  );
});
