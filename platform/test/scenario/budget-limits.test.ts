import { AdvancingClock } from '@batuta/testkit/clock';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { checkMoney } from './check-money.ts';
import { callOnce, family } from './model-fixtures.ts';
import { moneyOf, readMoney, setBudget } from './money-fixtures.ts';
import { accept, ended } from './processes.ts';

const answer = () => ({ text: 'Hi.' });
/** One call is reserved with 10 micro-dollars, and costs 7. */
const forOneCall = { run_usd: 0.000_01 };

async function waiting(platform: TestPlatform, agent = 'assistant') {
  const { application, identity, signals } = platform;
  const run = await application.runs.accept(identity, { agent, input: 'Go' });
  await signals.reached('run-released', ({ runId }) => runId === run.id);
  return { ...run, view: await application.runs.get(identity, run.id) };
}

describe('a run that meets a hard limit', () => {
  it('waits, and goes on at once when the budget is raised', async () => {
    await withPlatform({ model: answer, pollMs: 60_000 }, async (platform) => {
      const { application, identity } = platform;
      const spent = await setBudget(platform, { limitMicros: 10, onLimit: 'wait' });
      await platform.run('Go');
      const run = await waiting(platform);
      expect(run.view).toMatchObject({ status: 'waiting', waiting_for: 'budget' });
      await application.budgets.change(identity, spent.id, { limit_usd: 0.000_02 });
      expect(await ended(platform, run.id)).toMatchObject({ status: 'succeeded' });
      const log = await platform.events(run.session_id);
      expect(moneyOf(log)).toEqual(['reached 7+10', 'reserved 10', 'settled 7']);
    });
  });

  it('goes on when its budget is deleted, and when another takes the place of its file', async () => {
    const agents = [{ budget: { day_usd: 0.000_01 } }];
    await withPlatform({ model: answer, agents, pollMs: 60_000 }, async (platform) => {
      const { application, identity } = platform;
      await platform.run('Go');
      const run = await waiting(platform);
      const { id } = await application.budgets.create(identity, {
        scope: 'agent',
        subject: 'assistant',
        per: 'day',
        limit_usd: 0.000_02,
        hard: true,
        on_limit: 'wait',
        alerts: [],
      });
      expect(await ended(platform, run.id)).toMatchObject({ status: 'succeeded' });
      const next = await waiting(platform);
      await application.budgets.delete(identity, id);
      // The file's limit holds again, and it is lower.
      await platform.signals.next('run-released', ({ runId }) => runId === next.id);
      await application.runs.cancel(identity, next.id);
      expect(await ended(platform, next.id)).toMatchObject({ status: 'cancelled' });
    });
  });

  it('goes on by itself when the day turns', async () => {
    const clock = new AdvancingClock();
    const agents = [{ budget: { day_usd: 0.000_01 } }];
    await withPlatform({ model: answer, agents, clock, pollMs: 20 }, async (platform) => {
      await platform.run('Go');
      const run = await waiting(platform);
      const { wakeAt } = (await platform.stores.runs.get('alpha', run.id)) ?? {};
      expect(new Date(wakeAt ?? 0).toISOString()).toMatch(/T00:00:00.000Z$/);
      clock.advance(86_400_000);
      await platform.stores.engine.administer((client) =>
        client.query(`update batuta.runs set wake_at = now() where id = '${run.id}'`),
      );
      expect(await ended(platform, run.id)).toMatchObject({ status: 'succeeded' });
      expect((await readMoney(platform)).usage.map(({ spent }) => spent)).toEqual([7, 7]);
    });
  });

  it('can be cancelled while it waits', async () => {
    await withPlatform({ model: answer, agents: [{ budget: { run_usd: 0.000_005 } }] }, async (platform) => {
      const run = await waiting(platform);
      await platform.application.runs.cancel(platform.identity, run.id);
      expect(await ended(platform, run.id)).toMatchObject({ status: 'cancelled' });
      await checkMoney(platform, [await ended(platform, run.id)]);
    });
  });

  it('fails where it shall, and goes on when it is retried with more', async () => {
    await withPlatform({ model: answer }, async (platform) => {
      const { application, identity } = platform;
      const budget = await setBudget(platform, { limitMicros: 5 });
      const run = await platform.run('Go');
      expect(run).toMatchObject({ status: 'failed', error: { code: 'budget-reached' } });
      expect(run.error?.message).toContain('0 of 0.000005 USD are spent');
      await application.budgets.change(identity, budget.id, { limit_usd: 1 });
      await application.runs.retry(identity, run.id);
      expect(await ended(platform, run.id)).toMatchObject({ status: 'succeeded' });
    });
  });
});

describe('a child run', () => {
  const parent = callOnce({ tool: 'agent_helper', arguments: { task: 'Count.' } });

  it('is charged to the run that asked for it', async () => {
    const story = family(parent, answer);
    const [assistant, ...others] = story.agents ?? [];
    const agents = [{ ...assistant, budget: { run_usd: 1 } }, ...others];
    await withPlatform({ ...story, agents }, async (platform) => {
      const run = await platform.run('Go');
      expect(run).toMatchObject({ status: 'succeeded', cost_usd: 0.000_014 });
      expect((await readMoney(platform)).usage).toEqual([
        { account: `run/${run.id}`, spent: 21, reserved: 0 },
      ]);
    });
  });

  it('that waits for a budget keeps its parent waiting, until it is raised', async () => {
    const story = family(parent, answer);
    const [assistant, helper] = story.agents ?? [];
    const agents = [{ ...assistant }, { ...helper, budget: forOneCall }];
    await withPlatform({ ...story, agents }, async (platform) => {
      const { application, identity } = platform;
      const budget = await setBudget(platform, { limitMicros: 12, onLimit: 'wait' });
      const run = await accept(platform);
      await platform.signals.reached('run-released', ({ runId }) => runId !== run.id);
      expect(await application.runs.get(identity, run.id)).toMatchObject({ waiting_for: 'child' });
      await application.budgets.change(identity, budget.id, { limit_usd: 1 });
      expect(await ended(platform, run.id)).toMatchObject({ status: 'succeeded' });
      const { items } = await application.runs.list(identity, { limit: 10 });
      await checkMoney(platform, items);
    });
  });
});

it('money that others have only reserved is waited for a moment, whatever the budget says', async () => {
  const first = Promise.withResolvers<void>();
  const model = async (_: unknown, index: number) => {
    if (index === 0) await first.promise;
    return { text: 'Hi.' };
  };
  await withPlatform({ model, pollMs: 20 }, async (platform) => {
    await setBudget(platform, { limitMicros: 17, onLimit: 'fail' });
    const holding = await accept(platform);
    await platform.signals.reached('model-call-before');
    const second = await waiting(platform);
    expect(second.view).toMatchObject({ status: 'waiting', waiting_for: 'budget' });
    first.resolve();
    expect(await ended(platform, holding.id)).toMatchObject({ status: 'succeeded' });
    expect(await ended(platform, second.id)).toMatchObject({ status: 'succeeded' });
  });
});
