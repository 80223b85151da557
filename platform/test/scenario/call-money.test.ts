import { ScriptedModel, type ScriptedAnswer } from '@batuta/testkit/model';
import { withPlatform, type TestPlatformOptions } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { checkMoney } from './check-money.ts';
import { moneyOf, readMoney, setBudget } from './money-fixtures.ts';
import { accept, ended } from './processes.ts';

const budget = { run_usd: 1 };
const models = (first: ScriptedAnswer[], second: ScriptedAnswer[] = [{ text: 'Second.' }]) => [
  new ScriptedModel(first, { reference: 'scripted/first' }),
  new ScriptedModel(second, { reference: 'scripted/second' }),
];
const chain = [{ model: ['scripted/first', 'scripted/second'], budget }];

/** The movements of one run that has ended well. */
async function movementsOf(options: TestPlatformOptions): Promise<string[]> {
  return await withPlatform(options, async (platform) => {
    const run = await platform.run('Go');
    await checkMoney(platform, [run]);
    return moneyOf(await platform.events(run.session_id));
  });
}

describe('a model that fails', () => {
  it('before it can cost anything leaves its money to the next one', async () => {
    const model = models([{ failure: 'rate-limited' }]);
    expect(await movementsOf({ model, agents: chain })).toEqual(['reserved 10', 'settled 7']);
  });

  it('in the middle of its answer may be billed: its money is lost, and more is reserved for the next one', async () => {
    const model = models([{ failure: 'server', afterText: 'Once upon' }]);
    const movements = await movementsOf({ model, agents: chain });
    expect(movements).toEqual(['reserved 10', 'lost 10', 'reserved 10', 'settled 7']);
  });

  it('in the middle of its answer, when there is no money for the next one, meets the limit', async () => {
    const model = models([{ failure: 'server', afterText: 'Once upon' }]);
    const short = { run_usd: 0.000_015, on_limit: 'fail' as const };
    await withPlatform({ model, agents: [{ ...chain[0], budget: short }] }, async (platform) => {
      const run = await platform.run('Go');
      expect(run).toMatchObject({ status: 'failed', error: { code: 'budget-reached' } });
      expect(moneyOf(await platform.events(run.session_id))).toEqual([
        'reserved 10',
        'lost 10',
        'reached 10+10',
      ]);
      await checkMoney(platform, [run]);
    });
  });

  it('with all others gives the money back', async () => {
    const model = models([{ failure: 'request' }], [{ failure: 'request' }]);
    expect(await movementsOf({ model, agents: chain })).toEqual(['reserved 10', 'released 0']);
  });
});

describe('a call that is cut off', () => {
  it('by a cancel in the middle of the answer is lost', async () => {
    await withPlatform({ model: [{ hangAfterText: 'Once' }], agents: [{ budget }] }, async (platform) => {
      const run = await accept(platform);
      await platform.signals.reached('model-call-first-token');
      await platform.application.runs.cancel(platform.identity, run.id);
      await ended(platform, run.id);
      expect(moneyOf(await platform.events(run.session_id))).toEqual(['reserved 10', 'lost 10']);
    });
  });

  it('before anything was sent is released', async () => {
    await withPlatform({ model: [{ text: 'Hi.' }], agents: [{ budget }] }, async (platform) => {
      const hold = platform.signals.hold('model-call-before');
      const run = await accept(platform);
      await hold.arrived;
      await platform.application.runs.cancel(platform.identity, run.id);
      hold.release();
      await ended(platform, run.id);
      expect(moneyOf(await platform.events(run.session_id))).toEqual(['reserved 10', 'released 0']);
    });
  });

  it('by the end of its process is lost, and the next process reserves anew', async () => {
    const answers = [{ hangAfterText: 'Once' }, { text: 'Hi.' }];
    await withPlatform(
      { model: answers, agents: [{ budget }], leaseMs: 300, pollMs: 20 },
      async (platform) => {
        const run = await accept(platform);
        await platform.signals.reached('model-call-first-token');
        await platform.stores.runs.retire(platform.worker?.id ?? '');
        expect(await ended(platform, run.id)).toMatchObject({ status: 'succeeded' });
        const log = await platform.events(run.session_id);
        expect(moneyOf(log)).toEqual(['reserved 10', 'lost 10', 'reserved 10', 'settled 7']);
        await checkMoney(platform, [await ended(platform, run.id)]);
      },
    );
  });
});

describe('the price of a call', () => {
  const byToken = {
    cost: (_: string, usage: { output_tokens: number }) => usage.output_tokens,
    worstCost: (reference: string, tokens: { input: number; output: number }) =>
      reference === 'scripted/first' ? null : tokens.output,
  };

  it('limits the answer to what the budget pays for', async () => {
    const model = new ScriptedModel([{ text: 'Hi.' }]);
    const agents = [{ budget: { run_usd: 0.002 } }];
    await withPlatform({ model, agents, prices: byToken }, async (platform) => {
      expect(await platform.run('Go')).toMatchObject({ status: 'succeeded' });
      expect(model.requests[0]?.settings.maxOutputTokens).toBe(2_000);
    });
  });

  it('is no limit under a soft budget', async () => {
    const model = new ScriptedModel([{ text: 'Hi.' }]);
    const agents = [{ budget: { run_usd: 0.002, soft: true } }];
    await withPlatform({ model, agents, prices: byToken }, async (platform) => {
      expect(await platform.run('Go')).toMatchObject({ status: 'succeeded' });
      expect(model.requests[0]?.settings.maxOutputTokens).toBeUndefined();
    });
  });

  it('must be known under a hard budget: a model without one is passed over', async () => {
    const model = models([{ text: 'First.' }]);
    const agents = [{ model: ['scripted/first', 'scripted/second'], budget }];
    await withPlatform({ model, agents, prices: byToken }, async (platform) => {
      expect(await platform.run('Go')).toMatchObject({ output: { text: 'Second.' } });
    });
  });

  it('must be known under a hard budget: without any the run fails, and says which setting gives it', async () => {
    const agents = [{ model: 'scripted/first', budget }];
    await withPlatform({ model: models([{ text: 'First.' }]), agents, prices: byToken }, async (platform) => {
      const run = await platform.run('Go');
      expect(run).toMatchObject({ status: 'failed', error: { code: 'price-unknown' } });
      expect(run.error?.message).toContain('prices.models: { "scripted/first": { input: 3, output: 15 } }');
      expect((await readMoney(platform)).ledger).toEqual([]);
    });
  });

  it('need not be known under a soft budget', async () => {
    const agents = [{ model: 'scripted/first', budget: { ...budget, soft: true } }];
    await withPlatform({ model: models([{ text: 'First.' }]), agents, prices: byToken }, async (platform) => {
      expect(await platform.run('Go')).toMatchObject({ output: { text: 'First.' } });
    });
  });

  it('may turn out higher than what was reserved: what it cost counts', async () => {
    const prices = { cost: () => 25, worstCost: () => 10 };
    await withPlatform({ model: () => ({ text: 'Hi.' }), prices }, async (platform) => {
      await setBudget(platform, { limitMicros: 30 });
      const run = await platform.run('Go');
      expect((await readMoney(platform)).usage).toEqual([
        { account: 'tenant//total', spent: 25, reserved: 0 },
      ]);
      await checkMoney(platform, [run]);
      expect(await platform.run('Go')).toMatchObject({ error: { code: 'budget-reached' } });
    });
  });
});
