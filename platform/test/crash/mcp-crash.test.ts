import { join } from 'node:path';
import { endWorkerProcesses } from '@batuta/testkit/crash';
import { startOutsideWorld, type OutsideWorld } from '@batuta/testkit/crash/outside-world';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import {
  countArrivals,
  deliverThroughCrash,
  expectDeliveredOnce,
  wasUnknown,
  type Kill,
} from './delivery-crash.ts';
import { onBothDatabases } from './hand-places.ts';

const scenario = join(import.meta.dirname, 'courier-scenario.ts');
const calls = { once: ['letter'], repeatable: 'parcel' };
let outside: OutsideWorld;

beforeAll(async () => {
  outside = await startOutsideWorld();
});
afterEach(() => endWorkerProcesses());
afterAll(() => outside.close());

const late = ['tool-after:1:kill:name=courier_deliver_letter', 'commit-before:3:kill'];
const points = [
  'commit-before:2:kill',
  'commit-after:2:kill',
  'tool-before:1:kill:name=courier_deliver_letter',
  'tool-before:1:kill:name=courier_deliver_parcel',
  ...late,
  'commit-after:3:kill',
];
const arrivals = [
  ['letter', 1],
  ['parcel', 2],
] as const;

onBothDatabases((place) => {
  const killed = (kill: Kill) =>
    deliverThroughCrash({ database: place.database(), scenario, agent: 'courier', outside }, kill);

  it.each(place.cases(points, late))(
    'tools of a server take effect once when the process is killed at %s',
    { timeout: 60_000 },
    async (at) => {
      const found = await killed({ at });
      expectDeliveredOnce(found, calls);
      expect(countArrivals(found.arrived, 'parcel').times).toBeGreaterThan(0);
    },
  );

  it.each(arrivals)(
    'a call of %s during which the process is killed arrives %i times',
    { timeout: 60_000 },
    async (during, times) => {
      const found = await killed({ during });
      expectDeliveredOnce(found, calls);
      expect(countArrivals(found.arrived, during).times).toBe(times);
      expect(wasUnknown(found.after, during)).toBe(true);
    },
  );
});
