import type { CrashOrder } from '@batuta/testkit/crash/order';
import type { ProbeDetail, ProbePoint } from '@batuta/platform/ports';

/** A point that a run passed. */
export interface Passed {
  point: ProbePoint;
  detail: ProbeDetail;
}

/** The groups of points in which the suite crashes: one test, and one row of the guide, for each. */
export const groups = [
  { title: 'around accepting a run', points: ['accept-before', 'accept-after'] },
  { title: 'right after claiming a run', points: ['claim-after'] },
  { title: 'before a commit', points: ['commit-before'] },
  { title: 'after a commit', points: ['commit-after'] },
  {
    title: 'around a model call',
    points: ['model-call-before', 'model-call-first-token', 'model-call-after'],
  },
  { title: 'between claim and effect', points: ['tool-before'] },
  { title: 'between effect and settlement', points: ['tool-after'] },
  { title: 'letting go of a run', points: ['run-released', 'run-ended'] },
] as const satisfies readonly { title: string; points: readonly ProbePoint[] }[];

/** Calls during which the process is killed when the outside world has carried them out and not answered yet. */
export const duringCalls = {
  title: 'while the outside world carries out a call',
  callIds: ['clerk_1_1', 'clerk_2_2', 'clerk_2_3', 'clerk_2_4', 'clerk_4_1', 'helper_1_1'],
};

/** What a first process dies of, and the process that recovers from it. */
export const doubleCrashes = [
  {
    title: 'with all effects under way, and the next process, too',
    first: 'tool-before:1:kill:name=erase',
    seconds: [
      'claim-after:1:kill',
      'commit-before:1:kill',
      'commit-after:1:kill',
      'tool-after:1:kill:name=put',
    ],
  },
  {
    title: 'in a child run, and the next process, too',
    first: 'commit-after:2:kill:run=2',
    seconds: ['claim-after:1:kill', 'commit-before:1:kill', 'commit-after:1:kill', 'model-call-after:1:kill'],
  },
];

/** Before a commit the process is held first: an effect that had not waited for the commit would be seen outside. */
const lingerMs = 20;

/**
 * One order for every arrival: the N-th of its run at its point and, for tools, with its name, since calls that run
 * side by side come in no fixed order.
 */
export function ordersFor(passed: readonly Passed[], points: readonly ProbePoint[]): CrashOrder[] {
  const runs: string[] = [];
  const arrivals = new Map<string, number>();
  return passed.flatMap(({ point, detail }) => {
    if (!runs.includes(detail.runId)) runs.push(detail.runId);
    const run = runs.indexOf(detail.runId) + 1;
    const name = point.startsWith('tool-') ? detail.name : undefined;
    const key = `${point} ${run} ${name}`;
    const nth = (arrivals.get(key) ?? 0) + 1;
    arrivals.set(key, nth);
    const linger = point === 'commit-before' ? lingerMs : undefined;
    return points.includes(point) ? [{ point, nth, action: 'kill' as const, run, name, linger }] : [];
  });
}
