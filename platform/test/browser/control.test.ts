import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  controlDeadline,
  nextControl,
  type Control,
  type ControlEvent,
  type ControlStep,
} from '../../src/domain/browser/control.ts';

const limits = { idleMs: 300, graceMs: 50, totalMs: 1000 };
const person = fc.constantFrom('ann', 'bob');
const event: fc.Arbitrary<ControlEvent> = fc.oneof(
  fc.record({ kind: fc.constantFrom('asked', 'acted', 'left', 'came', 'gave-back'), person }),
  fc.record({ kind: fc.constantFrom('granted', 'time-passed', 'window-closed', 'stopped') }),
);
const story = fc.array(fc.record({ event, ms: fc.integer({ min: 0, max: 200 }) }), { maxLength: 60 });

interface Told extends ControlStep {
  before: Control;
  event: ControlEvent;
  now: number;
}

/** What becomes of control in the course of events. */
function tell(events: readonly { event: ControlEvent; ms: number }[]): Told[] {
  let control: Control = { state: 'agent-acts' };
  let now = 0;
  return events.map(({ event: happened, ms }) => {
    now += ms;
    const before = control;
    const step = nextControl(before, happened, { now, limits });
    control = step.control;
    return { ...step, before, event: happened, now };
  });
}

/** Events after which something does not hold; null: none were found. */
function broken(check: (step: Told) => boolean): unknown {
  const holds = fc.property(story, (events) => tell(events).every(check));
  return fc.check(holds, { numRuns: 2000 }).counterexample;
}

describe('control of a browser', () => {
  it('is given only to who asked for it, when it is granted', () => {
    expect(
      broken(({ before, control, event: { kind } }) => {
        const isNew = control.state === 'person-acts' && before.state !== 'person-acts';
        return (
          !isNew || before.state === 'person-away' || (before.state === 'person-waits' && kind === 'granted')
        );
      }),
    ).toBeNull();
  });

  it('is taken from nobody by another person', () => {
    expect(
      broken(
        ({ before, control }) =>
          before.state === 'agent-acts' || control.state === 'agent-acts' || control.person === before.person,
      ),
    ).toBeNull();
  });

  it('says why whenever it goes back to the agent, and only then', () => {
    expect(
      broken(
        ({ before, control, returned }) =>
          (returned !== undefined) === (before.state !== 'agent-acts' && control.state === 'agent-acts'),
      ),
    ).toBeNull();
  });

  it('goes back with the window and with the platform', () => {
    expect(
      broken(
        ({ control, event: { kind } }) =>
          (kind !== 'window-closed' && kind !== 'stopped') || control.state === 'agent-acts',
      ),
    ).toBeNull();
  });

  it('is had by nobody beyond the limits, whatever they do', () => {
    expect(
      broken(({ control, now }) => {
        const deadline = controlDeadline(control, limits);
        return deadline === null || deadline > now || control.state === 'person-acts';
      }),
    ).toBeNull();
  });

  it.each<[string, ControlEvent[], number]>([
    ['idle', [], 300],
    ['connection-lost', [{ kind: 'left', person: 'ann' }], 50],
    ['too-long', Array.from({ length: 9 }, () => ({ kind: 'acted', person: 'ann' }) as const), 110],
  ])('ends by itself: %s', (reason, events, ms) => {
    const begun: ControlEvent[] = [{ kind: 'asked', person: 'ann' }, { kind: 'granted' }];
    const steps = tell([
      ...begun.map((each) => ({ event: each, ms: 0 })),
      ...events.map((each) => ({ event: each, ms: reason === 'too-long' ? 110 : 0 })),
      { event: { kind: 'time-passed' }, ms },
    ]);
    expect(steps.at(-1)).toMatchObject({ control: { state: 'agent-acts' }, returned: reason });
  });
});
