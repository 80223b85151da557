import { endWorkerProcesses } from '@batuta/testkit/crash';
import { parseCrashOrder } from '@batuta/testkit/crash/order';
import { startOutsideWorld, type OutsideWorld } from '@batuta/testkit/crash/outside-world';
import type { WorkerDatabase } from '@batuta/testkit/crash/protocol';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { doubleCrashes, duringCalls, groups, ordersFor, type Passed } from './crash-points.ts';
import { CrashRelay, passUndisturbed, type CrashCase } from './crash-relay.ts';
import { placesInGuide } from './guide-table.ts';
import { expectRules } from './rules.ts';

/** Where a matrix of crashes takes place. */
export interface MatrixPlace {
  open(): Promise<WorkerDatabase>;
  close(): void;
}

const groupMs = 300_000;
const recoveryLimitMs = 10_000;

/** Crashes at every point that an undisturbed run passes, each followed by another process that goes on. */
export function describeCrashMatrix(place: MatrixPlace): void {
  let outside: OutsideWorld;
  let database: WorkerDatabase;
  let passed: Passed[] = [];
  const recoveries: number[] = [];

  const newRelay = () => new CrashRelay({ database, outside });
  /** Crashes one after the other, each examined; the number of cases. */
  const examine = async (crashes: readonly ((relay: CrashRelay) => Promise<CrashCase>)[]) => {
    const relay = newRelay();
    for (const crash of crashes) {
      const found = await crash(relay);
      expectRules(found);
      if (found.recoveryMs !== null) recoveries.push(found.recoveryMs);
    }
    return crashes.length;
  };

  beforeAll(async () => {
    outside = await startOutsideWorld();
    database = await place.open();
    passed = await passUndisturbed({ database, outside });
  });

  afterEach(async () => {
    await endWorkerProcesses();
  });

  afterAll(async () => {
    await outside.close();
    place.close();
    process.stdout.write(`${describeRecovery(recoveries)}\n`);
  });

  for (const { title, points } of groups) {
    it(`keeps the rules when it is killed ${title}`, { timeout: groupMs }, async () => {
      const orders = ordersFor(passed, points);
      const crashes = orders.map((order) => (relay: CrashRelay) => relay.crash(order));
      expect(await examine(crashes)).toBeGreaterThan(0);
    });
  }

  it(`keeps the rules when it is killed ${duringCalls.title}`, { timeout: groupMs }, async () => {
    const crashes = duringCalls.callIds.map((callId) => (relay: CrashRelay) => relay.crashDuring(callId));
    expect(await examine(crashes)).toBe(duringCalls.callIds.length);
  });

  for (const { title, first, seconds } of doubleCrashes) {
    it(`keeps the rules when it is killed ${title}`, { timeout: groupMs }, async () => {
      const crashes = seconds.map(
        (second) => (relay: CrashRelay) => relay.crash(parseCrashOrder(first), parseCrashOrder(second)),
      );
      expect(await examine(crashes)).toBe(seconds.length);
    });
  }

  it('is killed at the places that the guide lists', () => {
    const tried = groups.map(({ title, points }) => ({ title, places: ordersFor(passed, points).length }));
    const during = { title: duringCalls.title, places: duringCalls.callIds.length };
    const twice = doubleCrashes.map(({ title, seconds }) => ({ title, places: seconds.length }));
    expect(placesInGuide()).toEqual([...tried, during, ...twice]);
  });

  it('took every run up again in time', () => {
    expect(recoveries.length).toBeGreaterThan(30);
    expect(Math.max(...recoveries)).toBeLessThan(recoveryLimitMs);
  });
}

function describeRecovery(recoveries: readonly number[]): string {
  const sorted = recoveries.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const last = sorted.at(-1) ?? 0;
  return `recovery after kill -9, from death to claim: ${sorted.length} times, median ${Math.round(middle)} ms, longest ${Math.round(last)} ms`;
}
