import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batuta } from './kit/batuta.ts';
import { FakeApi } from './kit/fake-api.ts';

let api: FakeApi;
beforeEach(async () => {
  api = new FakeApi();
  await api.listen();
});
afterEach(() => api.close());

const schedule = {
  id: 'sch_1',
  name: 'Report',
  agent: 'assistant',
  input: 'Report.',
  session_id: null,
  metadata: {},
  cron: '0 9 * * MON-FRI',
  at: null,
  time_zone: 'Europe/Madrid',
  missed: 'skip',
  overlap: 'skip',
  enabled: true,
  requested_by: 'Ana',
  withheld: null,
  upcoming: ['2026-11-23T08:00:00.000Z', '2026-11-24T08:00:00.000Z'],
  last_due_at: '2026-11-20T08:00:00.000Z',
  last_outcome: 'skipped',
  last_run_id: null,
  last_error: null,
  created_at: '2026-11-21T10:00:00.000Z',
  updated_at: '2026-11-21T10:00:00.000Z',
};

describe('batuta schedules', () => {
  test('lists them with what came of the last time', async () => {
    const off = { ...schedule, id: 'sch_2', enabled: false, upcoming: [] };
    const reason = '"Bea", in whose name it runs, is disabled.';
    const withheld = { ...schedule, id: 'sch_4', withheld: reason, last_outcome: 'withheld' };
    const over = { ...schedule, id: 'sch_3', cron: null, at: '2026-11-20T08:00:00.000Z', upcoming: [] };
    api.answers['GET /v1/schedules'] = { items: [schedule, off, over, withheld], next_cursor: null };
    const { code, output } = await batuta(['schedules'], { api });
    expect(code).toBe(0);
    expect(output).toMatch(/sch_1 +Report +assistant +0 9 \* \* MON-FRI \(Europe\/Madrid\) +2026-11-23/);
    expect(output).toContain('skipped: the run before went on');
    expect(output).toMatch(/sch_2 .* off /);
    expect(output).toMatch(/sch_3 .* over /);
    expect(output).toMatch(/sch_4 .* withheld .*: withheld: its owner may not start runs/);
    expect(output).toContain(`sch_4 starts nothing at present: ${reason}`);
  });

  test('adds one', async () => {
    api.answers['POST /v1/schedules'] = schedule;
    const when = ['--cron', '0 9 * * MON-FRI', '--zone', 'Europe/Madrid', '--missed', 'run-once'];
    const words = ['schedules', 'add', 'assistant', 'Report.', '--name', 'Report', ...when];
    const { output } = await batuta(words, { api });
    expect(output).toMatch(/^Schedule sch_1 is added; next: 2026-11-23/);
    expect((await api.received('POST /v1/schedules')).body).toEqual({
      name: 'Report',
      agent: 'assistant',
      input: 'Report.',
      cron: '0 9 * * MON-FRI',
      time_zone: 'Europe/Madrid',
      missed: 'run-once',
    });
  });

  test('shows, disables, runs and deletes', async () => {
    api.answers['GET /v1/schedules/sch_1'] = schedule;
    expect((await batuta(['schedules', 'show', 'sch_1'], { api })).output).toMatch(/\n {2}2026-11-24/);
    api.answers['PATCH /v1/schedules/sch_1'] = { ...schedule, enabled: false };
    const disabled = await batuta(['schedules', 'disable', 'sch_1'], { api });
    expect(disabled.output).toBe('Schedule sch_1 is off.\n');
    api.answers['POST /v1/schedules/sch_1/run'] = { id: 'run_1', session_id: 'ses_1', status: 'queued' };
    const run = await batuta(['schedules', 'run', 'sch_1'], { api });
    expect(run.output).toBe('Run run_1 is accepted.\n');
    api.answers['DELETE /v1/schedules/sch_1'] = {};
    const deleted = await batuta(['schedules', 'delete', 'sch_1'], { api });
    expect(deleted.output).toBe('Schedule sch_1 is deleted.\n');
  });

  test('previews times', async () => {
    api.answers['GET /v1/schedules/preview'] = { times: schedule.upcoming };
    const { output } = await batuta(['schedules', 'preview', '@daily', '--count', '2'], { api });
    expect(output).toBe(`${schedule.upcoming.join('\n')}\n`);
  });

  test('refuses an unknown policy and says which there are', async () => {
    const words = ['schedules', 'add', 'assistant', 'Report.', '--name', 'R', '--missed', 'sometimes'];
    const { code, error } = await batuta(words, { api });
    expect(code).toBe(64);
    expect(error).toContain('run-once');
  });
});
