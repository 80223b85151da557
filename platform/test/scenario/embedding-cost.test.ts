import { noUsage, type Run } from '@batuta/contract';
import type { Embedder, PriceList } from '@batuta/platform/ports';
import { withPlatform, type TestPlatform, type TestPlatformOptions } from '@batuta/testkit/platform';
import { describe, expect, inject, it, vi } from 'vitest';
import { checkMoney } from './check-money.ts';
import { readMoney, setBudget } from './money-fixtures.ts';

const usage = { ...noUsage, input_tokens: 5 };
let embedded = 0;
const embedder: Embedder = {
  reference: 'scripted/embedder',
  embed: async (all) => {
    embedded += 1;
    return { vectors: all.map(() => [1, 2, 2]), usage };
  },
};
/** A call of a model costs 100 micro-dollars, an embedding 3. */
const prices: PriceList = {
  cost: (reference) => (reference === 'scripted/embedder' ? 3 : 100),
  worstCost: (reference) => (reference === 'scripted/embedder' ? 30 : 100),
};
const agents = [{ cache: { minutes: 10, semantic: 0.9 } }];
const model = (_: unknown, index: number) => ({ text: `answer ${index + 1}` });

async function withEmbeddings(
  options: Partial<TestPlatformOptions>,
  test: (platform: TestPlatform) => Promise<void>,
): Promise<void> {
  await withPlatform({ model, agents, embedder, prices, ...options }, test);
}

const costOf = ({ cost_usd: cost }: Run) => (cost === null ? null : Math.round(cost * 1_000_000));

describe.each([
  { database: 'pglite' as const },
  { database: 'postgres' as const, postgresUrl: inject('postgresUrl') },
])('an embedding on $database', (database) => {
  it('is charged to the ledger, the run and its accounts, asked or given again', () =>
    withEmbeddings(database, async (platform) => {
      await setBudget(platform, { limitMicros: 1_000_000 });
      const asked = await platform.run('How do I pay?');
      const given = await platform.run('how can I pay');
      expect([asked, given].map(costOf)).toEqual([103, 3]);
      await checkMoney(platform, [asked, given]);
      const { ledger, usage: accounts } = await readMoney(platform);
      const settled = ledger.filter(({ kind }) => kind === 'settle').map(({ micros }) => micros);
      expect(settled.toSorted((a, b) => a - b)).toEqual([3, 3, 100]);
      expect(accounts).toMatchObject([{ spent: 106, reserved: 0 }]);
      const today = new Date().toISOString().slice(0, 10);
      const query = { from: today, to: today, group_by: ['model' as const] };
      const report = await platform.application.usage.report(platform.identity, query);
      expect(JSON.stringify(report)).toContain('scripted/embedder');
    }));
});

describe('an embedding', () => {
  it('costs no commit more than the same question without one', () =>
    withEmbeddings({ agents: [...agents, { name: 'plain', cache: { minutes: 10 } }] }, async (platform) => {
      const commit = vi.spyOn(platform.stores.runs, 'commit');
      const commitsOf = async (text: string, agent: string) => {
        commit.mockClear();
        await platform.run(text, { agent });
        return commit.mock.calls.length;
      };
      const [plain, asked] = [
        await commitsOf('How do I pay?', 'plain'),
        await commitsOf('How do I pay?', 'assistant'),
      ];
      expect(asked).toBe(plain);
      const [exact, alike] = [
        await commitsOf('How do I pay?', 'plain'),
        await commitsOf('how can I pay', 'assistant'),
      ];
      expect(alike).toBe(exact);
      expect(plain).toBeGreaterThan(0);
    }));

  it.each([
    ['leaves no room for its worst price', prices],
    ['cannot know its price', { ...prices, worstCost: (name) => (name === 'scripted/embedder' ? null : 10) }],
  ] as [string, PriceList][])('is not made where a hard budget %s: the model is asked', (_, priced) =>
    withEmbeddings({ prices: priced }, async (platform) => {
      const made = embedded;
      await setBudget(platform, { limitMicros: priced === prices ? 20 : 1_000_000 });
      const run = await platform.run('How do I pay?').catch((error: unknown) => error);
      expect(embedded).toBe(made);
      expect(JSON.stringify(run)).not.toContain('embed');
    }),
  );

  it('of an unknown price makes the cost of its run unknown', () =>
    withEmbeddings(
      { prices: { ...prices, cost: (name) => (name === 'scripted/embedder' ? null : 100) } },
      async (platform) => {
        expect(costOf(await platform.run('How do I pay?'))).toBeNull();
      },
    ));
});
