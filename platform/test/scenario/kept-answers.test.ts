import type { Run } from '@batuta/contract';
import type { Embedder } from '@batuta/platform/ports';
import { withPlatform, type TestPlatform, type TestPlatformOptions } from '@batuta/testkit/platform';
import { describe, expect, inject, it } from 'vitest';
import { countingTool } from './tool-fixtures.ts';

const cache = { minutes: 10 };
const noTokens = {
  input_tokens: 0,
  cached_input_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
};

/** Answers with how often it was asked. */
const counting = (_request: unknown, index: number) => ({ text: `answer ${index + 1}` });

async function texts(platform: TestPlatform, ...inputs: string[]): Promise<(string | undefined)[]> {
  const answers: (string | undefined)[] = [];
  for (const input of inputs) answers.push((await platform.run(input)).output?.text);
  return answers;
}

async function settled(platform: TestPlatform, run: Run) {
  const log = await platform.events(run.session_id);
  return log.flatMap((event) => (event.kind === 'model-call-settled' ? [event.data] : []));
}

const databases: Pick<TestPlatformOptions, 'database' | 'postgresUrl'>[] = [
  { database: 'pglite' },
  { database: 'postgres', postgresUrl: inject('postgresUrl') },
];

describe.each(databases)('kept answers on $database', (database) => {
  it('are given again for the same question, cost nothing, and say so', async () => {
    await withPlatform({ ...database, model: counting, agents: [{ cache }] }, async (platform) => {
      expect(await texts(platform, 'Hi', 'Hi', 'Ho', 'Hi')).toEqual([
        'answer 1',
        'answer 1',
        'answer 2',
        'answer 1',
      ]);
      const again = await platform.run('Hi');
      expect(again).toMatchObject({ status: 'succeeded', cost_usd: 0, usage: noTokens });
      const [data] = await settled(platform, again);
      expect(data?.cached).toMatchObject({ kind: 'exact', saved_micros: 7 });
      expect(platform.model.requests).toHaveLength(2);
    });
  });
});

describe('nothing is given again', () => {
  it('without cache, and after it has expired', async () => {
    await withPlatform({ model: counting }, async (platform) => {
      expect(await texts(platform, 'Hi', 'Hi')).toEqual(['answer 1', 'answer 2']);
    });
    await withPlatform({ model: counting, agents: [{ cache }] }, async (platform) => {
      await platform.run('Hi');
      await platform.stores.engine.administer((client) =>
        client.query(`update batuta.cached_answers set expires_at = now() - interval '1 second'`),
      );
      expect((await platform.run('Hi')).output?.text).toBe('answer 2');
    });
  });

  it('to another tenant, another person, or another agent', async () => {
    const agents = [{ cache }, { name: 'other', cache }];
    await withPlatform({ model: counting, agents }, async (platform) => {
      await platform.run('Hi');
      expect((await platform.run('Hi', { agent: 'other' })).output?.text).toBe('answer 2');
      const { application, stranger, identity } = platform;
      const ask = async (who: typeof stranger) => {
        const { id } = await application.runs.accept(who, { agent: 'assistant', input: 'Hi' });
        const wait = { seconds: 10, signal: new AbortController().signal };
        return (await application.runs.waitForEnd(who, id, wait)).output?.text;
      };
      expect(await ask(stranger)).toBe('answer 3');
      expect(await ask({ ...identity, userId: 'usr_somebody' })).toBe('answer 4');
      expect(await ask(identity)).toBe('answer 1');
    });
  });

  it('of answers that used tools', async () => {
    const read = countingTool('read', { readOnly: true });
    const model = (_: unknown, index: number) =>
      index % 2 === 0 ? { calls: [{ tool: 'read' }] } : { text: `answer ${index}` };
    await withPlatform({ model, tools: [read.tool], agents: [{ cache }] }, async (platform) => {
      expect(await texts(platform, 'Hi', 'Hi')).toEqual(['answer 1', 'answer 3']);
      expect(read.executions).toHaveLength(2);
    });
  });

  it('when the store of answers fails: the model is asked', async () => {
    await withPlatform({ model: counting, agents: [{ cache }] }, async (platform) => {
      await platform.run('Hi');
      await platform.stores.engine.administer((client) =>
        client.query('alter table batuta.cached_answers rename to hidden'),
      );
      const question = platform.run('Ho').catch((error: unknown) => error);
      await platform.stores.engine.administer((client) =>
        client.query('alter table batuta.hidden rename to cached_answers'),
      );
      expect(await question).toMatchObject({ status: 'succeeded' });
    });
  });
});

describe('questions that mean the same', () => {
  /** Places every question at the same spot: only the comparison of facts tells them apart. */
  const everywhere: Embedder = {
    reference: 'scripted/embedder',
    embed: async (all) => ({ vectors: all.map(() => [1, 2, 2]), usage: noTokens }),
  };
  const agents = [{ cache: { minutes: 10, semantic: 0.9 } }];

  it('get the same answer unless they differ in facts', async () => {
    await withPlatform({ model: counting, agents, embedder: everywhere }, async (platform) => {
      const inputs = [
        'How do I pay?',
        'how can I pay',
        'How do I pay 10?',
        'How do I not pay?',
        'How do I pay Ana?',
      ];
      expect(await texts(platform, ...inputs)).toEqual([
        'answer 1',
        'answer 1',
        'answer 2',
        'answer 3',
        'answer 4',
      ]);
      const [data] = await settled(platform, await platform.run('How may I pay?'));
      expect(data?.cached).toMatchObject({ kind: 'semantic', similarity: 1 });
    });
  });

  it('are put to the model when their meaning cannot be had', async () => {
    const embedder: Embedder = { reference: 'x/y', embed: () => Promise.reject(new TypeError('away')) };
    await withPlatform({ model: counting, agents, embedder }, async (platform) => {
      expect(await texts(platform, 'How do I pay?', 'how can I pay')).toEqual(['answer 1', 'answer 2']);
    });
  });
});
