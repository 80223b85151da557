import type { FreshDatabase } from '@batuta/testkit/database';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeLonelyBus } from '../../src/adapter/bus-memory/memory-bus.ts';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { PgBossQueue } from '../../src/adapter/pg-boss/pg-boss-queue.ts';
import { readRun } from '../../src/adapter/sql/statement/read-run.ts';
import { Transactor } from '../../src/adapter/sql/transactor.ts';
import type { Log } from '../../src/port/log.ts';
import { JobRecorder, quickJob } from './job-recorder.ts';

const tenantId = 'acme';
const quick = { backstopSeconds: 0.5, superviseSeconds: 1, heartbeatSeconds: 10 };
const onePerKey = { ...quickJob, policy: 'one-per-key' } as const;

/** What a queue of jobs must do on every database. */
export function describeJobQueue(open: () => Promise<FreshDatabase>): void {
  describe('job queue', () => {
    let stores: FreshDatabase;
    let queue: PgBossQueue;
    let recorder: JobRecorder;
    let logged: string[];

    beforeEach(async () => {
      stores = await open();
      logged = [];
      recorder = new JobRecorder();
      queue = makeQueue();
    });
    afterEach(async () => {
      await queue.stop(0);
      stores.release();
    });

    function makeQueue(): PgBossQueue {
      const note = (message: string) => void logged.push(message);
      const log: Log = { debug: () => undefined, info: note, warn: note, error: note };
      const parts = { database: stores.database, bus: makeLonelyBus(), clock: systemClock, log };
      return new PgBossQueue({ ...parts, works: true, timing: quick });
    }

    test('hands a job to its handler with its tenant and its data', async () => {
      queue.define('greet', quickJob, recorder.handler());
      queue.start();
      await queue.enqueue('greet', { to: 'Ana' }, { tenantId });
      const [job] = await recorder.begun(1);
      expect(job).toMatchObject({ name: 'greet', tenantId, data: { to: 'Ana' }, attempt: 1 });
      expect(queue.state).toBe('working');
    });

    test('tries a failed job again, then keeps it as a dead letter, and tells the log each time', async () => {
      queue.define(
        'greet',
        quickJob,
        recorder.handler(() => Promise.reject(new TypeError('no'))),
      );
      queue.start();
      await queue.enqueue('greet', { to: 'Ana' }, { tenantId });
      const jobs = await recorder.begun(2);
      expect(jobs.map(({ attempt }) => attempt)).toEqual([1, 2]);
      const count = `select count(*)::integer as count from batuta_jobs.job where name = 'dead-letters'`;
      await expect
        .poll(async () => (await stores.database.owner.execute(count)).rows)
        .toEqual([{ count: 1 }]);
      expect(logged).toEqual(['a job failed and is tried again', 'a job failed for the last time']);
    });

    test('aborts a job that takes too long', async () => {
      const aborted = Promise.withResolvers<void>();
      const work = ({ signal }: { signal: AbortSignal }) =>
        new Promise<void>(() => signal.addEventListener('abort', () => aborted.resolve()));
      queue.define('greet', { ...quickJob, timeoutSeconds: 1, retries: 0 }, recorder.handler(work));
      queue.start();
      await queue.enqueue('greet', {}, { tenantId });
      await aborted.promise;
      await expect.poll(() => logged).toEqual(['a job failed for the last time']);
    });

    test('works on one job of a key at a time, misses none, and lets no key wait for another', async () => {
      const gate = Promise.withResolvers<void>();
      const work = ({ data }: { data: object }) =>
        'slow' in data ? gate.promise : Promise.resolve(undefined);
      queue.define('visit', { ...onePerKey, concurrency: 3 }, recorder.handler(work));
      queue.start();
      const enqueue = (key: string, data: object = {}) =>
        queue.enqueue('visit', { key, ...data }, { tenantId, singletonKey: key });
      await enqueue('dead', { slow: true });
      await recorder.begun(1);
      for (const key of ['dead', 'dead', 'b', 'c', 'd']) await enqueue(key);
      await recorder.begun(3, (job) => job.data['key'] !== 'dead');
      expect(recorder.seen.filter((job) => job.data['key'] === 'dead')).toHaveLength(1);
      gate.resolve();
      // Two were enqueued while the first was worked on: one more visit stands for both.
      await recorder.begun(2, (job) => job.data['key'] === 'dead');
      expect(recorder.mostOfOneKey).toBe(1);
    });

    test('keeps a job until it is due, and makes it due sooner when it is wanted sooner', async () => {
      queue.define('visit', onePerKey, recorder.handler());
      queue.start();
      const later = { tenantId, singletonKey: 'a', runAt: Date.now() + 3_600_000 };
      await queue.enqueue('visit', { key: 'a' }, later);
      const soon = { tenantId, singletonKey: 'b', runAt: Date.now() + 300 };
      await queue.enqueue('visit', { key: 'b' }, soon);
      const [first] = await recorder.begun(1);
      expect(first?.data).toEqual({ key: 'b' });
      expect(Date.now()).toBeGreaterThanOrEqual(soon.runAt);
      await queue.enqueue('visit', { key: 'a' }, { tenantId, singletonKey: 'a' });
      await recorder.begun(2);
    });

    test('takes no part in a transaction that is open at the same time', async () => {
      queue.define('greet', quickJob, recorder.handler());
      queue.start();
      await queue.enqueue('greet', { n: 1 }, { tenantId });
      await recorder.begun(1);
      const transactor = new Transactor(stores.engine.connect, 'test');
      let enqueued: Promise<void> | undefined;
      const undone = transactor.transaction({ tenant: tenantId }, async (execute) => {
        enqueued = queue.enqueue('greet', { n: 2 }, { tenantId });
        await execute(readRun('run_none'));
        throw new RangeError('roll back');
      });
      await expect(undone).rejects.toThrow('roll back');
      await enqueued;
      const [, job] = await recorder.begun(2);
      expect(job?.data).toEqual({ n: 2 });
    });

    test('waits for the job in hand when it stops, and leaves the rest to the next process', async () => {
      const gate = Promise.withResolvers<void>();
      queue.define(
        'greet',
        { ...quickJob, concurrency: 1 },
        recorder.handler(() => gate.promise),
      );
      queue.start();
      await queue.enqueue('greet', { n: 1 }, { tenantId });
      await recorder.begun(1);
      await queue.enqueue('greet', { n: 2 }, { tenantId });
      const stopped = queue.stop(10_000);
      gate.resolve();
      await stopped;
      expect(recorder.seen).toHaveLength(1);
      queue = makeQueue();
      queue.define('greet', quickJob, recorder.handler());
      queue.start();
      const [, second] = await recorder.begun(2);
      expect(second?.data).toEqual({ n: 2 });
      expect(queue.state).not.toBe('stopped');
    });

    test('gives a job whose time to stop was too short to the next process', async () => {
      queue.define(
        'greet',
        quickJob,
        recorder.handler(() => new Promise(() => undefined)),
      );
      queue.start();
      await queue.enqueue('greet', { n: 1 }, { tenantId });
      const [first] = await recorder.begun(1);
      await queue.stop(0);
      expect(first?.signal.aborted).toBe(true);
      queue = makeQueue();
      queue.define('greet', quickJob, recorder.handler());
      queue.start();
      const [, second] = await recorder.begun(2);
      expect(second).toMatchObject({ data: { n: 1 }, attempt: 2 });
    });
  });
}
