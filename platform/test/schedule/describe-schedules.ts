import { withPlatform, type TestPlatform, type TestPlatformOptions } from '@batuta/testkit/platform';
import { AdvancingClock } from '@batuta/testkit/clock';
import type { Identity } from '@batuta/platform/composition';
import type { CreateSchedule } from '@batuta/contract';
import { describe, expect, test } from 'vitest';
import { makeCronCalendar } from '../../src/adapter/cron-croner/croner-calendar.ts';
import { fireSchedule } from '../../src/application/schedule/fire-schedule.ts';
import { describeOwners } from './owners.ts';

const hour = 3_600_000;

const daily: CreateSchedule = {
  name: 'Report',
  agent: 'assistant',
  input: 'Report.',
  session_id: null,
  metadata: { topic: 'sales' },
  cron: '0 9 * * *',
  time_zone: 'UTC',
  overlap: 'skip',
  enabled: true,
};

/** A platform whose clock and schedules the test drives: it is the queue of jobs. */
export class ScheduleKit {
  readonly platform: TestPlatform;
  readonly clock: AdvancingClock;

  /** In whose name schedules run: a browser that was signed in by a link, unless the test names somebody. */
  owner: Identity;

  constructor(platform: TestPlatform, clock: AdvancingClock) {
    this.owner = { ...platform.identity, keyId: null };
    this.platform = platform;
    this.clock = clock;
  }

  add(changes: Partial<CreateSchedule> = {}) {
    return this.platform.application.schedules.create(this.owner, { ...daily, ...changes });
  }

  /** Puts the clock to a time. */
  at(time: string): void {
    this.clock.advance(Date.parse(time) - this.clock.now());
  }

  fire(id: string): Promise<number | null> {
    const { application, identity, stores, signals } = this.platform;
    const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    const context = {
      ...stores,
      owners: stores.access,
      clock: this.clock,
      calendar: makeCronCalendar(),
      probe: signals,
      log,
    };
    return fireSchedule({ ...context, acceptor: application.runs }, { tenantId: identity.tenantId, id });
  }

  /** Ends when the last run of a schedule has ended. */
  async ended(id: string): Promise<void> {
    const { last_run_id: runId } = await this.get(id);
    await this.platform.signals.reached('run-ended', (detail) => detail.runId === runId);
  }

  async runs() {
    const { application, identity } = this.platform;
    return (await application.runs.list(identity, { limit: 100 })).items.toReversed();
  }

  get(id: string) {
    return this.platform.application.schedules.get(this.platform.identity, id);
  }
}

/** The clock is put forward by hours while a run is held: neither its time nor its lease may be over by that. */
const patient: TestPlatformOptions = {
  agents: [{ limits: { turns: 40, minutes: 1_440, parallel_tools: 8 } }],
  leaseMs: 1e9,
};

/** What schedules do on every database. */
export function describeSchedules(database: Pick<TestPlatformOptions, 'database' | 'postgresUrl'>): void {
  const withSchedules = async (
    work: (kit: ScheduleKit) => Promise<void>,
    options: TestPlatformOptions = {},
  ) => {
    const clock = new AdvancingClock();
    await withPlatform({ model: () => ({ text: 'Done.' }), ...database, ...options, clock }, (platform) =>
      work(new ScheduleKit(platform, clock)),
    );
  };

  describeOwners(withSchedules);

  describe('schedules', () => {
    test('start one run at each time, in the name of who made them', async () => {
      await withSchedules(async (kit) => {
        kit.at('2030-01-01T08:00:00Z');
        const { id, upcoming } = await kit.add();
        expect(upcoming.slice(0, 2)).toEqual(['2030-01-01T09:00:00.000Z', '2030-01-02T09:00:00.000Z']);
        expect(await kit.fire(id)).toBe(Date.parse('2030-01-01T09:00:00Z'));
        expect(await kit.runs()).toEqual([]);
        for (const day of ['01', '02']) {
          kit.at(`2030-01-${day}T09:00:00.100Z`);
          await kit.fire(id);
          await kit.fire(id);
          await kit.ended(id);
        }
        const due_at = '2030-01-01T09:00:00.000Z';
        const [first] = await kit.runs();
        expect(first).toMatchObject({ metadata: { topic: 'sales', schedule_id: id, due_at } });
        expect(await kit.runs()).toHaveLength(2);
        const stored = await kit.platform.stores.runs.get('alpha', first!.id);
        expect(stored?.requestedBy.name).toBe(kit.platform.identity.name);
        expect(await kit.get(id)).toMatchObject({
          last_outcome: 'started',
          last_run_id: (await kit.runs())[1]!.id,
        });
      });
    });

    test('start one run for a time, however many fire it at once', async () => {
      await withSchedules(async (kit) => {
        kit.at('2030-01-01T08:00:00Z');
        const { id } = await kit.add();
        kit.at('2030-01-01T09:00:00.100Z');
        await Promise.all(Array.from({ length: 8 }, () => kit.fire(id)));
        expect(await kit.runs()).toHaveLength(1);
      });
    });

    test('do not start a second run when the first one was started and not recorded', async () => {
      await withSchedules(async (kit) => {
        kit.at('2030-01-01T08:00:00Z');
        const { id } = await kit.add();
        kit.at('2030-01-01T09:00:00.100Z');
        const held = kit.platform.signals.hold('schedule-fired');
        void kit.fire(id);
        const { runId } = await held.arrived;
        await kit.platform.application.schedules.change(kit.owner, id, { input: 'Another.' });
        kit.at('2030-01-01T09:00:10Z');
        await kit.platform.stores.engine.administer((client) =>
          client.query(`update batuta.schedules set next_due_at = '2030-01-01T09:00:00Z'`),
        );
        await kit.fire(id);
        held.release();
        expect((await kit.runs()).map((run) => run.id)).toEqual([runId]);
        expect(await kit.get(id)).toMatchObject({ last_run_id: runId, last_outcome: 'started' });
      });
    });

    test.each([
      ['skip', 0],
      ['run-once', 1],
      ['run-all', 3],
    ] as const)('after a downtime of three days do as %s says', async (missed, count) => {
      await withSchedules(async (kit) => {
        kit.at('2030-01-01T08:00:00Z');
        const { id } = await kit.add({ missed, overlap: 'queue' });
        kit.at('2030-01-03T10:00:00Z');
        for (let index = 0; index < 3; index += 1) {
          await kit.fire(id);
          if ((await kit.runs()).length > index) await kit.ended(id);
        }
        expect(await kit.runs()).toHaveLength(count);
        expect(await kit.get(id)).toMatchObject({
          upcoming: expect.arrayContaining(['2030-01-04T09:00:00.000Z']),
        });
      });
    });

    test('skip a time while the run of the time before goes on', async () => {
      await withSchedules(async (kit) => {
        kit.at('2030-01-01T08:00:00Z');
        const { id } = await kit.add({ cron: '0 * * * *' });
        const held = kit.platform.signals.hold('model-call-before');
        kit.at('2030-01-01T09:00:00.100Z');
        await kit.fire(id);
        await held.arrived;
        kit.at('2030-01-01T10:00:00.100Z');
        await kit.fire(id);
        const skipped = await kit.get(id);
        held.release();
        expect(skipped).toMatchObject({ last_outcome: 'skipped', last_due_at: '2030-01-01T10:00:00.000Z' });
        expect(await kit.runs()).toHaveLength(1);
      }, patient);
    });

    test('let a time wait until the run of the time before has ended', async () => {
      await withSchedules(async (kit) => {
        kit.at('2030-01-01T08:00:00Z');
        const { id } = await kit.add({ cron: '0 * * * *', overlap: 'queue' });
        const held = kit.platform.signals.hold('model-call-before');
        kit.at('2030-01-01T09:00:00.100Z');
        await kit.fire(id);
        await held.arrived;
        kit.at('2030-01-01T10:00:00.100Z');
        const asked = kit.clock.now();
        const again = await kit.fire(id);
        held.release();
        expect(again).toBeGreaterThanOrEqual(asked + 5_000);
        expect(await kit.runs()).toHaveLength(1);
        await kit.ended(id);
        await kit.fire(id);
        expect(await kit.runs()).toHaveLength(2);
      }, patient);
    });

    test('say why a run could not be started, and go on at the next time', async () => {
      await withSchedules(async (kit) => {
        kit.at('2030-01-01T08:00:00Z');
        const run = await kit.platform.run('Hello');
        const { id } = await kit.add({ session_id: run.session_id });
        await kit.platform.application.sessions.delete(kit.platform.identity, run.session_id);
        kit.at('2030-01-01T09:00:00.100Z');
        expect(await kit.fire(id)).toBe(Date.parse('2030-01-02T09:00:00Z'));
        const failed = { last_outcome: 'failed', last_error: expect.stringContaining(run.session_id) };
        expect(await kit.get(id)).toMatchObject(failed);
      });
    });

    test('have a single time once, and can be changed, disabled and deleted', async () => {
      await withSchedules(async (kit) => {
        kit.at('2030-01-01T08:00:00Z');
        const { cron: _, ...rest } = daily;
        const { schedules } = kit.platform.application;
        const { owner: identity } = kit;
        const { stranger } = kit.platform;
        const once = await schedules.create(identity, { ...rest, at: '2030-01-01T09:00:00Z' });
        expect(once).toMatchObject({ missed: 'run-once', upcoming: ['2030-01-01T09:00:00.000Z'] });
        kit.clock.advance(5 * hour);
        expect(await kit.fire(once.id)).toBeNull();
        expect(await kit.runs()).toHaveLength(1);
        expect(await schedules.change(identity, once.id, { name: 'Other' })).toMatchObject({ upcoming: [] });
        const again = await schedules.change(identity, once.id, { cron: '@hourly', enabled: false });
        expect(again).toMatchObject({ at: null, cron: '@hourly', upcoming: [] });
        kit.clock.advance(5 * hour);
        expect(await kit.fire(once.id)).toBeNull();
        await expect(schedules.delete(stranger, once.id)).rejects.toMatchObject({ code: 'schedule-unknown' });
        await schedules.delete(identity, once.id);
        await expect(kit.get(once.id)).rejects.toMatchObject({ code: 'schedule-unknown' });
      });
    });

    test('refuse what can never run', async () => {
      await withSchedules(async (kit) => {
        const { cron: _, ...rest } = daily;
        const { application, identity } = kit.platform;
        const create = (body: Partial<CreateSchedule>) =>
          application.schedules
            .create(identity, { ...rest, ...body })
            .catch((error: { code: string }) => error.code);
        expect(await create({ cron: '0 0 30 2 *' })).toBe('request-invalid');
        expect(await create({ cron: '@daily', time_zone: 'Mars/Olympus' })).toBe('request-invalid');
        expect(await create({ at: '2020-01-01T00:00:00Z' })).toBe('request-invalid');
        expect(await create({ cron: '@daily', agent: 'nobody' })).toBe('agent-unknown');
        const missing = `ses_${'0'.repeat(26)}`;
        expect(await create({ cron: '@daily', session_id: missing })).toBe('session-unknown');
      });
    });
  });
}
