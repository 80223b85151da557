import type { Event } from '@batuta/contract';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { expect, it } from 'vitest';
import { moneyOf, setBudget } from './money-fixtures.ts';
import { withProcesses } from './processes.ts';

const answer = () => ({ text: 'Hi.' });
const alerted = (log: readonly Event[]) => moneyOf(log).filter((each) => each.startsWith('alerted'));

/** Alerts of runs, one after the other. */
async function alertsOfRuns(platform: TestPlatform, runs: number): Promise<string[][]> {
  const alerts: string[][] = [];
  for (let index = 0; index < runs; index += 1) {
    const { session_id } = await platform.run('Go');
    alerts.push(alerted(await platform.events(session_id)));
  }
  return alerts;
}

it('each threshold of a budget is told once, by the commit of the call that passes it', async () => {
  await withPlatform({ model: answer }, async (platform) => {
    await setBudget(platform, { limitMicros: 24, hard: false, alerts: [50, 80, 100, 150] });
    expect(await alertsOfRuns(platform, 7)).toEqual([
      [],
      ['alerted 50'],
      ['alerted 80'],
      ['alerted 100'],
      [],
      ['alerted 150'],
      [],
    ]);
  });
});

it('one call can pass several', async () => {
  await withPlatform({ model: answer }, async (platform) => {
    await setBudget(platform, { limitMicros: 7, hard: false });
    expect(await alertsOfRuns(platform, 2)).toEqual([['alerted 80', 'alerted 100'], []]);
  });
});

it('another limit on the same account is told on its own', async () => {
  await withPlatform({ model: answer }, async (platform) => {
    await setBudget(platform, { limitMicros: 7, hard: false, alerts: [100] });
    await setBudget(platform, { limitMicros: 14, hard: false, alerts: [100] });
    expect(await alertsOfRuns(platform, 2)).toEqual([['alerted 100'], ['alerted 100']]);
  });
});

it('what another process has told is not told again', async () => {
  await withProcesses([{ model: answer }, { model: answer }], async (one, other) => {
    await setBudget(one, { limitMicros: 7, hard: false });
    expect(await alertsOfRuns(one, 1)).toEqual([['alerted 80', 'alerted 100']]);
    await one.stop(0);
    const run = await other.run('Go');
    expect(run).toMatchObject({ status: 'succeeded' });
    const log = await other.events(run.session_id);
    expect(alerted(log)).toEqual([]);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
  });
});

it('an alert says which budget, and how much', async () => {
  const agents = [{ budget: { day_usd: 0.000_007, soft: true, alerts: [100] } }];
  await withPlatform({ model: answer, agents }, async (platform) => {
    const { session_id } = await platform.run('Go');
    const told = (await platform.events(session_id)).find(({ kind }) => kind === 'budget-alerted');
    expect(told?.data).toEqual({
      budget: 'agent_assistant_day',
      scope: 'agent',
      subject: 'assistant',
      per: 'day',
      threshold: 100,
      account: expect.stringMatching(/^agent\/assistant\/day\/\d{4}-\d\d-\d\d$/),
      limit_micros: 7,
      spent_micros: 7,
    });
  });
});
