import { ScriptedModel } from '@batuta/testkit/model';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { checkMoney } from './check-money.ts';
import { moneyOf, readMoney, setBudget } from './money-fixtures.ts';
import { accept, ended } from './processes.ts';
import { StreamClient } from './stream-client.ts';
import { Pace, TalkingModel } from './talking-model.ts';
import { countingTool } from './tool-fixtures.ts';

const answer = () => ({ text: 'Hi.' });
const accountsOf = async (platform: TestPlatform) =>
  (await readMoney(platform)).usage.map(
    ({ account, spent }) => `${account.split('/').slice(0, 2).join('/')} ${spent}`,
  );

describe('a budget', () => {
  it('of a team limits what its agents spend together', async () => {
    const agents = [{}, { name: 'helper' }];
    const team = {
      name: 'sales',
      description: 'Sells.',
      strategy: 'route' as const,
      operations: {},
      permissions: [],
    };
    const budget = { day_usd: 0.000_02, on_limit: 'fail' as const };
    const teams = [{ ...team, agents: ['assistant', 'helper'], budget }];
    await withPlatform({ model: answer, agents, teams }, async (platform) => {
      await platform.run('Go');
      await platform.run('Go', { agent: 'helper' });
      expect(await accountsOf(platform)).toEqual(['team/sales 14']);
      expect(await platform.run('Go')).toMatchObject({ error: { code: 'budget-reached' } });
    });
  });

  it('of each user limits one and not the other', async () => {
    await withPlatform({ model: answer }, async (platform) => {
      await setBudget(platform, { scope: 'user', subject: '*', limitMicros: 10 });
      const run = async (userId: string) => {
        const identity = { ...platform.identity, userId };
        const { id } = await platform.application.runs.accept(identity, { agent: 'assistant', input: 'Go' });
        return await ended(platform, id);
      };
      expect(await run('usr_1')).toMatchObject({ status: 'succeeded' });
      expect(await run('usr_1')).toMatchObject({ error: { code: 'budget-reached' } });
      expect(await run('usr_2')).toMatchObject({ status: 'succeeded' });
      expect(await accountsOf(platform)).toEqual(['user/usr_1 7', 'user/usr_2 7']);
    });
  });

  it('of a session limits all its runs', async () => {
    const agents = [{ budget: { session_usd: 0.000_012, on_limit: 'fail' as const } }];
    await withPlatform({ model: answer, agents }, async (platform) => {
      const { session_id: sessionId } = await platform.run('Go');
      expect(await platform.run('Go', { sessionId })).toMatchObject({ error: { code: 'budget-reached' } });
      expect(await platform.run('Go')).toMatchObject({ status: 'succeeded' });
    });
  });

  it('of one tenant is nothing to another', async () => {
    await withPlatform({ model: answer }, async (platform) => {
      await setBudget(platform, { limitMicros: 5 });
      const { stranger, application } = platform;
      const { id } = await application.runs.accept(stranger, { agent: 'assistant', input: 'Go' });
      const { signal } = new AbortController();
      expect(await application.runs.waitForEnd(stranger, id, { seconds: 10, signal })).toMatchObject({
        status: 'succeeded',
      });
    });
  });
});

describe('a summary of a long conversation', () => {
  const long = (word: string) => word.padEnd(1_500, '.');
  const model = () => new ScriptedModel(answer, { contextTokens: 2_000 });

  async function converse(platform: TestPlatform) {
    const runs = [await platform.run(long('red'))];
    const sessionId = runs[0]?.session_id ?? '';
    for (const word of ['green', 'blue', 'white']) runs.push(await platform.run(long(word), { sessionId }));
    return { runs, log: await platform.events(sessionId) };
  }

  it('is reserved and settled like any call', async () => {
    const agents = [{ budget: { session_usd: 1 } }];
    await withPlatform({ model: model(), agents }, async (platform) => {
      const { runs, log } = await converse(platform);
      const summaries = log.filter(({ kind }) => kind === 'history-compacted').length;
      expect(summaries).toBeGreaterThan(0);
      expect(moneyOf(log).filter((each) => each === 'settled 7')).toHaveLength(4 + summaries);
      await checkMoney(platform, runs);
    });
  });

  it('for which there is no money is an excerpt, which costs nothing', async () => {
    const agents = [{ budget: { session_usd: 0.000_035, on_limit: 'fail' as const } }];
    // A summary is dear here, an answer is not.
    const worstCost = (_: string, tokens: { output: number }) => (tokens.output < 1_000 ? 1_000 : 10);
    const prices = { cost: () => 7, worstCost };
    await withPlatform({ model: model(), agents, prices }, async (platform) => {
      const { runs, log } = await converse(platform);
      const compacted = log.find(({ kind }) => kind === 'history-compacted');
      expect(compacted?.data).toMatchObject({ method: 'excerpt' });
      await checkMoney(platform, runs);
    });
  });
});

it('text that follows a lost try, with money reserved between the two, reaches those who follow as it comes', async () => {
  const pace = new Pace();
  const lost = new TalkingModel('a/one', pace, { words: 6, breaksAfter: 3 });
  const agents = [{ model: ['a/one', 'b/two'], budget: { run_usd: 1 }, tools: ['read'] }];
  const model = [lost, new TalkingModel('b/two', pace, { words: 6 })];
  const tools = [countingTool('read', { readOnly: true }).tool];
  await withPlatform({ model, agents, tools }, async (platform) => {
    const { id, session_id: sessionId } = await accept(platform);
    // A word is said when the one before it was seen: text that is held back would end in the limit of this test.
    const client = new StreamClient(({ event }) => pace.allow(event === 'text-delta' ? 1 : 0));
    pace.allow(1);
    expect(await client.connect(platform, { runId: id })).toEqual({ retry: false });
    expect(client.faults).toEqual([]);
    expect(client.resets).toHaveLength(2);
    const money = (await platform.events(sessionId)).filter(({ kind }) => kind === 'cost-reserved');
    expect(money).toHaveLength(4);
  });
});
