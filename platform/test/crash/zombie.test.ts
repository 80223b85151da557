import { freshDatabase, type FreshDatabase } from '@batuta/testkit/database';
import { endWorkerProcesses, startWorkerProcess, type WorkerHandle } from '@batuta/testkit/crash';
import { parseCrashOrder } from '@batuta/testkit/crash/order';
import { startOutsideWorld, type OutsideWorld } from '@batuta/testkit/crash/outside-world';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { acceptRequest, nextKey, setupAt, type CrashPlace } from './crash-relay.ts';
import { expectRules } from './rules.ts';

const testMs = 60_000;

describe('a process that stands still until another has finished its run', () => {
  let outside: OutsideWorld;
  let fresh: FreshDatabase;
  let place: CrashPlace;

  beforeAll(async () => {
    outside = await startOutsideWorld();
    fresh = await freshDatabase('postgres', inject('postgresUrl'));
    place = { database: { url: fresh.url ?? '' }, outside };
  });

  afterEach(async () => {
    outside.beforeAnswer = null;
    await endWorkerProcesses();
  });

  afterAll(async () => {
    await outside.close();
    fresh.release();
  });

  it.each([
    'commit-before:3:stop',
    'commit-after:2:stop',
    'tool-before:1:stop:name=send',
    'tool-after:1:stop:name=put',
  ])('changes nothing when it wakes: %s', { timeout: testMs }, async (order) => {
    const zombie = await startWorkerProcess(setupAt(place), parseCrashOrder(order));
    const key = nextKey();
    const { id } = await acceptIn(zombie, key);
    await zombie.heard((news) => news.news === 'crash');
    const found = await takeOver(place, { key, id });
    zombie.signal('SIGCONT');
    await zombie.ask('idle', {});
    expect(await zombie.ask('dump', { key })).toEqual(found.after);
    expectRules({ ...found, name: order, effectsAfter: effectsOf(outside, found.after) });
    await expectUsable(zombie);
  });

  it('hangs up on a call that it was waiting for', { timeout: testMs }, async () => {
    const zombie = await startWorkerProcess(setupAt(place));
    const arrived = Promise.withResolvers<void>();
    const hungUp = outside.hungUp('send');
    outside.beforeAnswer = ({ callId }) => {
      if (callId !== 'clerk_2_3') return undefined;
      outside.beforeAnswer = null;
      arrived.resolve();
      return new Promise(() => undefined);
    };
    const key = nextKey();
    const { id } = await acceptIn(zombie, key);
    await arrived.promise;
    zombie.signal('SIGSTOP');
    const found = await takeOver(place, { key, id });
    zombie.signal('SIGCONT');
    await Promise.all([hungUp, zombie.ask('idle', {})]);
    expect(await zombie.ask('dump', { key })).toEqual(found.after);
    expectRules({ ...found, name: 'hanging call', effectsAfter: effectsOf(outside, found.after) });
    await expectUsable(zombie);
  });
});

async function acceptIn(worker: WorkerHandle, key: string): Promise<{ id: string }> {
  await worker.ask('start', {});
  return worker.ask('accept', acceptRequest(key));
}

/** A second process waits until the lease has expired, finishes the run, and ends. */
async function takeOver(place: CrashPlace, { key, id }: { key: string; id: string }) {
  const heir = await startWorkerProcess(setupAt(place));
  const before = await heir.ask('dump', { key });
  const effectsBefore = effectsOf(place.outside, before);
  await heir.ask('start', {});
  const run = await heir.ask('finish', { runId: id, decision: 'done' });
  const after = await heir.ask('dump', { key });
  await heir.ask('stop', {});
  return { acknowledged: id, repeatedId: id, before, effectsBefore, run, after, recoveryMs: null };
}

function effectsOf(outside: OutsideWorld, { runs }: { runs: { id: string }[] }) {
  return outside.effects.filter(({ runId }) => runs.some((run) => run.id === runId));
}

async function expectUsable(worker: WorkerHandle): Promise<void> {
  const { id } = await worker.ask('accept', acceptRequest(nextKey()));
  const run = await worker.ask('finish', { runId: id, decision: null });
  expect(run.status, 'the next run of the same process').toBe('succeeded');
}
