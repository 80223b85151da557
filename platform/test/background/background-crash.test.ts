import { join } from 'node:path';
import { freshDatabase, type FreshDatabase } from '@batuta/testkit/database';
import { startTestPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { JobProcess } from '../jobs/job-processes.ts';
import { isSigned, Receiver } from '../webhook/receiver.ts';

const program = join(import.meta.dirname, 'background-process.ts');
const slow = { timeout: 120_000 };

describe('a process that is killed', () => {
  let stores: FreshDatabase;
  /** Only a door: it executes nothing, and enqueues jobs for others. */
  let door: TestPlatform;
  let receiver: Receiver;
  let processes: JobProcess[];

  beforeEach(async () => {
    stores = await freshDatabase('postgres', inject('postgresUrl'));
    const share = { stores } as TestPlatform;
    door = await startTestPlatform({ model: [], share, worker: false, jobs: true });
    receiver = await new Receiver().listen();
    processes = [];
  });
  afterEach(async () => {
    await Promise.all(processes.map((each) => each.kill()));
    await receiver[Symbol.asyncDispose]();
    await door.stop(0);
    stores.release();
  });

  async function start(killAt: { point: string; event?: string } | null): Promise<JobProcess> {
    const started = new JobProcess({ url: stores.url, killAt }, program);
    processes.push(started);
    await started.said({ ready: true });
    return started;
  }

  function addWebhook() {
    const hook = { url: receiver.url, kinds: ['run-succeeded' as const], description: '', enabled: true };
    return door.application.webhooks.create(door.identity, hook);
  }

  const accept = () => door.application.runs.accept(door.identity, { agent: 'assistant', input: 'Go' });

  it('between the commit and the delivery: another one delivers', slow, async () => {
    const { secret } = await addWebhook();
    const first = await start({ point: 'commit-after', event: 'run-succeeded' });
    const { id } = await accept();
    await first.exited;
    expect(receiver.received).toEqual([]);
    await start(null);
    const [message] = await receiver.got(1);
    expect(message).toMatchObject({ type: 'run-succeeded', data: { run_id: id, status: 'succeeded' } });
    expect(isSigned(message!, secret)).toBe(true);
  });

  it('in the middle of a delivery: another one delivers with the same id', slow, async () => {
    await addWebhook();
    const first = await start(null);
    const killed = Promise.withResolvers<void>();
    receiver.answers = [() => killed.resolve(first.kill())];
    await accept();
    await killed.promise;
    await start(null);
    const [once, again] = await receiver.got(2);
    expect(again?.id).toBe(once?.id);
    expect(again?.body).toBe(once?.body);
  });

  it(
    'when it has started the run of a schedule, twice, with three processes: there is one run',
    slow,
    async () => {
      // Armed before anything is due: a process that fires without being armed would not die.
      const doomed = await Promise.all([
        start({ point: 'schedule-fired' }),
        start({ point: 'schedule-fired' }),
      ]);
      const at = new Date(Date.now() + 2_000).toISOString();
      const what = { name: 'Once', agent: 'assistant', input: 'Go', session_id: null, metadata: {} };
      const when = { at, time_zone: 'UTC', overlap: 'skip' as const, enabled: true };
      const { schedules, runs } = door.application;
      const { id } = await schedules.create({ ...door.identity, keyId: null }, { ...what, ...when });
      await Promise.race(doomed.map((each) => each.exited));
      await start(null);
      const isSettled = async () => (await schedules.get(door.identity, id)).last_outcome;
      await expect.poll(isSettled, { timeout: 100_000, interval: 200 }).toBe('started');
      const { items } = await runs.list(door.identity, { limit: 10 });
      expect(items.map(({ metadata }) => metadata)).toEqual([{ schedule_id: id, due_at: at }]);
    },
  );
});
