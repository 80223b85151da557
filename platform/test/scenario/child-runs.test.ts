import type { Run } from '@batuta/contract';
import type { ModelRequest } from '@batuta/platform/ports';
import type { ScriptedAnswer } from '@batuta/testkit/model';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { callOnce, family, lastResults } from './model-fixtures.ts';
import { accept, ended } from './processes.ts';
import { countingTool } from './tool-fixtures.ts';

const delegate = (task = 'Count.') => ({ tool: 'agent_helper', arguments: { task } });

async function childrenOf(platform: TestPlatform, parent: { id: string }): Promise<Run[]> {
  const { items } = await platform.application.runs.list(platform.identity, { limit: 50 });
  return items.filter((run) => run.parent_run_id === parent.id);
}

function parentRequests(platform: TestPlatform): ModelRequest[] {
  return platform.model.requests.filter((request) => request.instructions !== 'Help.');
}

describe('a child run', () => {
  it('gives its answer to the parent, which waits as a row and is not held by a worker', async () => {
    const answer = Promise.withResolvers<ScriptedAnswer>();
    await withPlatform(
      family(callOnce(delegate()), () => answer.promise),
      async (platform) => {
        const parent = await accept(platform);
        await platform.signals.reached('run-released', ({ runId }) => runId === parent.id);
        await platform.signals.reached('model-call-before', ({ runId }) => runId !== parent.id);
        const waiting = await platform.application.runs.get(platform.identity, parent.id);
        expect(waiting).toMatchObject({ status: 'waiting', waiting_for: 'child' });
        expect(platform.worker?.size).toBe(1);
        answer.resolve({ text: 'Forty-two.', usage: { output_tokens: 7 } });
        expect(await ended(platform, parent.id)).toMatchObject({
          status: 'succeeded',
          output: { text: 'Done.' },
        });
        expect(lastResults(parentRequests(platform)[1])).toMatchObject([
          { content: 'Forty-two.', isError: false },
        ]);
        const [child] = await childrenOf(platform, parent);
        expect(child).toMatchObject({ status: 'succeeded', usage: { output_tokens: 7 }, agent: 'helper' });
      },
    );
  });

  it('that fails is a failed call of the parent', async () => {
    const failing = () => ({ failure: 'request' }) as const;
    await withPlatform(family(callOnce(delegate()), failing), async (platform) => {
      expect(await platform.run('Go')).toMatchObject({ status: 'succeeded' });
      const [result] = lastResults(parentRequests(platform)[1]);
      expect(result).toMatchObject({ isError: true, content: expect.stringContaining('The agent failed') });
    });
  });

  it('works beside another one of the same answer', async () => {
    const both = Promise.withResolvers<void>();
    let arrived = 0;
    const meet = async (): Promise<ScriptedAnswer> => {
      arrived += 1;
      if (arrived === 2) both.resolve();
      await both.promise;
      return { text: 'Met.' };
    };
    await withPlatform(family(callOnce(delegate('One.'), delegate('Two.')), meet), async (platform) => {
      expect(await platform.run('Go')).toMatchObject({ status: 'succeeded' });
      expect(lastResults(parentRequests(platform)[1]).map(({ content }) => content)).toEqual([
        'Met.',
        'Met.',
      ]);
    });
  });

  it('is cancelled with its parent while its model answers', async () => {
    const hanging = () => ({ hangAfterText: 'Hm ' });
    await withPlatform(family(callOnce(delegate()), hanging), async (platform) => {
      const parent = await accept(platform);
      await platform.signals.reached('model-call-first-token', ({ runId }) => runId !== parent.id);
      await platform.application.runs.cancel(platform.identity, parent.id);
      expect(await ended(platform, parent.id)).toMatchObject({ status: 'cancelled' });
      const [child] = await childrenOf(platform, parent);
      expect(await ended(platform, child?.id ?? '')).toMatchObject({ status: 'cancelled' });
    });
  });

  it('is cancelled with its parent while it waits for a person', async () => {
    const asking = callOnce({ tool: 'ask_user', arguments: { question: 'Which?' } });
    await withPlatform(family(callOnce(delegate()), asking), async (platform) => {
      const parent = await accept(platform);
      const { runId } = await platform.signals.reached('run-released', (each) => each.runId !== parent.id);
      await platform.application.runs.cancel(platform.identity, parent.id);
      expect(await ended(platform, parent.id)).toMatchObject({ status: 'cancelled' });
      expect(await ended(platform, runId)).toMatchObject({ status: 'cancelled' });
    });
  });

  it('that is cancelled by itself is a failed call of the parent, in words', async () => {
    const hanging = () => ({ hangAfterText: 'Hm ' });
    await withPlatform(family(callOnce(delegate()), hanging), async (platform) => {
      const parent = await accept(platform);
      const { runId } = await platform.signals.reached('model-call-first-token');
      await platform.application.runs.cancel(platform.identity, runId, 'Too slow.');
      expect(await ended(platform, parent.id)).toMatchObject({ status: 'succeeded' });
      const [result] = lastResults(parentRequests(platform)[1]);
      expect(result).toMatchObject({ isError: true, content: expect.stringContaining('Too slow.') });
    });
  });

  it('that is cancelled before it began wakes its parent at once', async () => {
    const options = family(callOnce(delegate()), () => ({ text: 'Never.' }));
    const parentOnly = { ...options, concurrency: 1, pollMs: 60_000 };
    await withPlatform(parentOnly, async (platform) => {
      const blocked = platform.signals.hold('run-released');
      const parent = await accept(platform);
      await blocked.arrived;
      const [child] = await childrenOf(platform, parent);
      await platform.application.runs.cancel(platform.identity, child?.id ?? '');
      blocked.release();
      expect(await ended(platform, parent.id)).toMatchObject({ status: 'succeeded' });
      expect(lastResults(parentRequests(platform)[1])[0]?.content).not.toBe('');
    });
  });

  it('may delegate further only as deep as is allowed', async () => {
    const nested = [{ tools: ['agent:assistant'] }];
    const deeper = callOnce({ tool: 'agent_assistant', arguments: { task: 'Deeper.' } });
    await withPlatform(
      { agents: nested, model: deeper, settings: { delegationDepth: 2 } },
      async (platform) => {
        expect(await platform.run('Go')).toMatchObject({ status: 'succeeded' });
        const { items } = await platform.application.runs.list(platform.identity, { limit: 50 });
        expect(items).toHaveLength(3);
        const told = platform.model.requests.flatMap((request) => lastResults(request));
        expect(told.filter(({ content }) => content.includes('2 levels deep'))).toHaveLength(1);
      },
    );
  });

  it('that ends while its parent is busy with another call is taken up when that is done', async () => {
    const slow = Promise.withResolvers<string>();
    const write = countingTool('write', { execute: () => slow.promise });
    const options = {
      ...family(callOnce(delegate(), { tool: 'write' }), () => ({ text: 'Forty-two.' })),
      agents: [{ tools: ['agent:helper', 'write'] }, { name: 'helper', instructions: 'Help.', tools: [] }],
      tools: [write.tool],
    };
    await withPlatform(options, async (platform) => {
      const parent = await accept(platform);
      await platform.signals.reached('run-ended', ({ runId }) => runId !== parent.id);
      slow.resolve('written');
      expect(await ended(platform, parent.id)).toMatchObject({ status: 'succeeded' });
      const contents = lastResults(parentRequests(platform)[1]).map(({ content }) => content);
      expect(contents).toEqual(['Forty-two.', 'written']);
    });
  });
});
