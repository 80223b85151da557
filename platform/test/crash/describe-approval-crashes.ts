import { endWorkerProcesses } from '@batuta/testkit/crash';
import { parseCrashOrder, type CrashOrder } from '@batuta/testkit/crash/order';
import { startOutsideWorld, type OutsideWorld } from '@batuta/testkit/crash/outside-world';
import type { WorkerDatabase } from '@batuta/testkit/crash/protocol';
import type { ProbePoint } from '@batuta/platform/ports';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ApprovalRelay, late, treasurer, type Kind } from './approval-relay.ts';
import { expectApprovalRules, type ApprovalCase } from './approval-rules.ts';
import type { MatrixPlace } from './crash-matrix.ts';
import { ordersFor } from './crash-points.ts';

const groupMs = 300_000;

/** Between turns of a person: the first answer's questions wait; then one payment is under way while the others are decided. */
const moments = [
  'run-released:1:kill',
  'commit-before:3:kill',
  'commit-after:3:kill',
  'tool-before:1:kill',
  'tool-after:1:kill',
];

/** Crashes of runs that wait for a person, are decided about, edited, expired, or run under what was approved for the session. */
export function describeApprovalCrashes(place: MatrixPlace): void {
  let outside: OutsideWorld;
  let database: WorkerDatabase;

  const relayOf = (kind: Kind) => new ApprovalRelay({ database, outside }, kind);

  /** Crashes at every arrival of an undisturbed run at some points; the number of cases. */
  async function examineAll(kind: Kind, points: readonly ProbePoint[]): Promise<number> {
    const relay = relayOf(kind);
    const orders = ordersFor(await relay.passUndisturbed(), points);
    return examine(orders, (order) => relay.crash(order));
  }

  async function examine(
    orders: readonly CrashOrder[],
    crash: (order: CrashOrder) => Promise<ApprovalCase | null>,
  ): Promise<number> {
    let crashes = 0;
    for (const order of orders) {
      const found = await crash(order);
      if (found) expectApprovalRules(found);
      crashes += found ? 1 : 0;
    }
    return crashes;
  }

  beforeAll(async () => {
    outside = await startOutsideWorld();
    database = await place.open();
  });

  afterEach(() => endWorkerProcesses());

  afterAll(async () => {
    await outside.close();
    place.close();
  });

  it.each<[string, readonly ProbePoint[]]>([
    ['before a commit', ['commit-before']],
    ['after a commit', ['commit-after']],
    [
      'when it takes the run up, lets go of it, or executes',
      ['claim-after', 'run-released', 'tool-before', 'tool-after'],
    ],
  ])('keeps what was decided when it is killed %s', { timeout: groupMs }, async (_, points) => {
    expect(await examineAll(treasurer, points)).toBeGreaterThan(8);
  });

  it('carries out what was decided while no process worked', { timeout: groupMs }, async () => {
    const relay = relayOf(treasurer);
    const orders = ['run-released:1:kill', 'commit-after:2:kill'].map(parseCrashOrder);
    expect(await examine(orders, (order) => relay.decideWhileNobodyWorks(order))).toBe(orders.length);
  });

  it('carries out what is decided while the run is taken over', { timeout: groupMs }, async () => {
    const relay = relayOf(treasurer);
    const orders = moments.slice(1).map(parseCrashOrder);
    expect(await examine(orders, (order) => relay.decideWhileTakenOver(order))).toBe(orders.length);
  });

  it('denies what nobody decided in time, whenever it is killed', { timeout: groupMs }, async () => {
    const points: ProbePoint[] = ['commit-before', 'commit-after', 'claim-after', 'run-released'];
    expect(await examineAll(late, points)).toBeGreaterThan(8);
  });
}
