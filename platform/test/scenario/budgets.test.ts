import { withPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { moneyOf, readMoney, setBudget } from './money-fixtures.ts';
import { countingTool } from './tool-fixtures.ts';

const read = () => countingTool('read', { readOnly: true });
/** Two turns and an answer; each call costs 7 micro-dollars, and 10 are reserved for it. */
const threeCalls = [
  { calls: [{ tool: 'read' }] },
  { calls: [{ tool: 'read', arguments: { n: 2 } }] },
  { text: 'Done.' },
];

const thrice = (...each: string[]) => [...each, ...each, ...each];

describe('a run under budgets', () => {
  it('reserves before each call and settles after it', async () => {
    const agents = [{ budget: { run_usd: 1, day_usd: 2 } }];
    await withPlatform({ model: threeCalls, tools: [read().tool], agents }, async (platform) => {
      const run = await platform.run('Go');
      expect(run).toMatchObject({ status: 'succeeded', cost_usd: 0.000_021 });
      const log = await platform.events(run.session_id);
      expect(moneyOf(log)).toEqual(thrice('reserved 10', 'settled 7'));
      const { ledger, usage } = await readMoney(platform);
      expect(ledger.map(({ kind, micros }) => `${kind} ${micros}`)).toEqual(thrice('reserve 10', 'settle 7'));
      expect(usage).toEqual([
        { account: expect.stringMatching(/^agent\/assistant\/day\//), spent: 21, reserved: 0 },
        { account: `run/${run.id}`, spent: 21, reserved: 0 },
      ]);
    });
  });

  it('makes no commit more than a run without', async () => {
    const commits = async (budget: object) =>
      await withPlatform({ model: threeCalls, tools: [read().tool], agents: [budget] }, async (platform) => {
        await platform.run('Go');
        return platform.signals.passed.filter(({ point }) => point === 'commit-after').length;
      });
    const without = await commits({});
    expect(await commits({ budget: { run_usd: 1, session_usd: 1, day_usd: 1 } })).toBe(without);
  });

  it('fails by name at its limit, and spends no more than it', async () => {
    const agents = [{ budget: { run_usd: 0.000_02, on_limit: 'fail' as const } }];
    await withPlatform({ model: threeCalls, tools: [read().tool], agents }, async (platform) => {
      const run = await platform.run('Go');
      expect(run).toMatchObject({ status: 'failed', error: { code: 'budget-reached' }, turns: 2 });
      expect(moneyOf(await platform.events(run.session_id)).at(-1)).toBe('reached 14+10');
      expect((await readMoney(platform)).usage).toEqual([
        { account: `run/${run.id}`, spent: 14, reserved: 0 },
      ]);
    });
  });

  it('writes a ledger without one, and nothing else', async () => {
    await withPlatform({ model: threeCalls, tools: [read().tool] }, async (platform) => {
      const run = await platform.run('Go');
      const { ledger, usage } = await readMoney(platform);
      expect(ledger.map(({ kind, micros }) => `${kind} ${micros}`)).toEqual(thrice('settle 7'));
      expect(usage).toEqual([]);
      expect(moneyOf(await platform.events(run.session_id))).toEqual([]);
    });
  });
});

it('of a tenant covers runs that begin after it was set', async () => {
  await withPlatform({ model: () => ({ text: 'Hi.' }) }, async (platform) => {
    await setBudget(platform, { limitMicros: 20 });
    const first = await platform.run('Go');
    const second = await platform.run('Go');
    expect([first.status, second.status]).toEqual(['succeeded', 'succeeded']);
    expect(await platform.run('Go')).toMatchObject({ status: 'failed', error: { code: 'budget-reached' } });
  });
});
