import type { ApprovalDecision } from '@batuta/contract';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { CrashingRuns } from './crashing-runs.ts';
import { callOnce, lastResults } from './model-fixtures.ts';
import { accept, ended, withProcesses } from './processes.ts';
import { countingTool, type CountingToolOptions } from './tool-fixtures.ts';

interface TakenOver {
  first: TestPlatform;
  second: TestPlatform;
  run: { id: string; session_id: string };
  executions: { idempotencyKey: string }[];
}

/** The process dies while the tool `write` is under way for the first time; another one takes the run over. */
async function takenOver(
  options: CountingToolOptions,
  test: (scene: TakenOver) => Promise<void>,
): Promise<void> {
  const hanging = Promise.withResolvers<string>();
  const execute = () => (write.executions.length === 1 ? hanging.promise : Promise.resolve('written'));
  const write = countingTool('write', { execute, ...options });
  const crashing = new CrashingRuns();
  const process = { tools: [write.tool], model: callOnce({ tool: 'write' }), pollMs: 20 };
  await withProcesses(
    [
      { ...process, runs: crashing.wrap },
      { ...process, worker: false },
    ],
    async (first) => {
      const run = await accept(first);
      await first.signals.reached('tool-before');
      await crashing.crash();
      await withPlatform({ ...process, share: first }, async (second) => {
        await test({ first, second, run, executions: write.executions });
      });
    },
  );
}

async function kinds({ second, run }: TakenOver): Promise<string[]> {
  return (await second.events(run.session_id)).map((event) => event.kind);
}

describe('an effect that was claimed when its process died', () => {
  it('is repeated with the same key when its tool is idempotent', async () => {
    await takenOver({ idempotent: true }, async (scene) => {
      expect(await ended(scene.second, scene.run.id)).toMatchObject({ status: 'succeeded' });
      const [first, again, ...more] = scene.executions;
      expect(more).toEqual([]);
      expect(again?.idempotencyKey).toBe(first?.idempotencyKey);
      expect(await kinds(scene)).toContain('tool-call-unknown');
    });
  });

  it('is told to the model as unknown when its tool is not', async () => {
    await takenOver({}, async (scene) => {
      expect(await ended(scene.second, scene.run.id)).toMatchObject({ status: 'succeeded' });
      expect(scene.executions).toHaveLength(1);
      const [result] = lastResults(scene.second.model.requests.at(-1));
      expect(result).toMatchObject({ isError: true, content: expect.stringContaining('unknown') });
    });
  });

  const decisions: { decision: ApprovalDecision; executions: number; outcome: string }[] = [
    { decision: 'repeat', executions: 2, outcome: 'succeeded' },
    { decision: 'done', executions: 1, outcome: 'succeeded' },
    { decision: 'failed', executions: 1, outcome: 'failed' },
  ];
  it.each(decisions)('asks a person when it may destroy something: $decision', async (expected) => {
    await takenOver({ destructive: true }, async (scene) => {
      const { second, run } = scene;
      expect(await ended(second, run.id)).toMatchObject({ status: 'waiting', waiting_for: 'approval' });
      const { approvals } = second.application;
      const page = await approvals.list(second.identity, { pending: true, limit: 10 });
      const id = page.items[0]?.id ?? '';
      await approvals.decide(second.identity, id, { decision: expected.decision });
      expect(await ended(second, run.id)).toMatchObject({ status: 'succeeded' });
      expect(scene.executions).toHaveLength(expected.executions);
      const settled = (await second.events(run.session_id)).find((each) => each.kind === 'tool-call-settled');
      expect(settled?.data).toMatchObject({ outcome: expected.outcome });
    });
  });
});

describe('a settled effect', () => {
  it('is not executed again by the process that takes over', async () => {
    const write = countingTool('write');
    const slow = countingTool('slow', { readOnly: true, execute: () => waiting.promise });
    const waiting = Promise.withResolvers<string>();
    const crashing = new CrashingRuns();
    const process = {
      tools: [write.tool, slow.tool],
      model: callOnce({ tool: 'write' }, { tool: 'slow' }),
      pollMs: 20,
    };
    await withPlatform({ ...process, runs: crashing.wrap }, async (first) => {
      const run = await accept(first);
      await first.signals.reached(
        'commit-after',
        ({ events }) => events?.includes('tool-call-settled') ?? false,
      );
      await crashing.crash();
      waiting.resolve('late');
      await withPlatform({ ...process, share: first }, async (second) => {
        expect(await ended(second, run.id)).toMatchObject({ status: 'succeeded' });
        expect(write.executions).toHaveLength(1);
        expect(slow.executions).toHaveLength(2);
      });
    });
  });
});

describe('a tool', () => {
  it('that is too slow has an unknown outcome when it is an effect', async () => {
    const write = countingTool('write', { timeoutMs: 10, execute: () => new Promise(() => undefined) });
    await withPlatform({ tools: [write.tool], model: callOnce({ tool: 'write' }) }, async (platform) => {
      expect(await platform.run('Go')).toMatchObject({ status: 'succeeded' });
      expect(lastResults(platform.model.requests[1])[0]?.content).toContain('unknown');
    });
  });

  it('that is too slow is repeated with the same key at most twice when it is idempotent', async () => {
    const execute = () => new Promise<string>(() => undefined);
    const write = countingTool('write', { idempotent: true, timeoutMs: 10, execute });
    await withPlatform({ tools: [write.tool], model: callOnce({ tool: 'write' }) }, async (platform) => {
      expect(await platform.run('Go')).toMatchObject({ status: 'succeeded' });
      expect(new Set(write.executions.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
      expect(write.executions).toHaveLength(3);
    });
  });

  it('that is too slow has simply failed when it only reads', async () => {
    const read = countingTool('read', {
      readOnly: true,
      timeoutMs: 10,
      execute: () => new Promise(() => undefined),
    });
    await withPlatform({ tools: [read.tool], model: callOnce({ tool: 'read' }) }, async (platform) => {
      await platform.run('Go');
      expect(lastResults(platform.model.requests[1])[0]).toMatchObject({
        isError: true,
        content: expect.stringContaining('0.01'),
      });
    });
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('no disk'))],
    [
      'throws before it returns a promise',
      () => {
        throw new Error('no disk');
      },
    ],
  ])('that %s is a failed call with its reason', async (_, execute) => {
    const write = countingTool('write', { execute });
    await withPlatform({ tools: [write.tool], model: callOnce({ tool: 'write' }) }, async (platform) => {
      expect(await platform.run('Go')).toMatchObject({ status: 'succeeded' });
      expect(lastResults(platform.model.requests[1])[0]?.content).toContain('no disk');
    });
  });

  it('that ignores its signal is left behind when the run is cancelled', async () => {
    const write = countingTool('write', { execute: () => new Promise(() => undefined) });
    await withPlatform({ tools: [write.tool], model: callOnce({ tool: 'write' }) }, async (platform) => {
      const { id } = await accept(platform);
      await platform.signals.reached('tool-before');
      await platform.application.runs.cancel(platform.identity, id);
      expect(await ended(platform, id)).toMatchObject({ status: 'cancelled' });
    });
  });

  it('with a large result leaves a preview in the history and the whole in an artifact', async () => {
    const content = `begin ${'x'.repeat(20_000)} end`;
    const read = countingTool('read', { readOnly: true, execute: async () => content });
    await withPlatform({ tools: [read.tool], model: callOnce({ tool: 'read' }) }, async (platform) => {
      const { session_id } = await platform.run('Go');
      const preview = lastResults(platform.model.requests[1])[0]?.content ?? '';
      expect(Buffer.byteLength(preview)).toBeLessThanOrEqual(4_096);
      const settled = (await platform.events(session_id)).find((event) => event.kind === 'tool-call-settled');
      const id = settled?.data.artifact?.artifact_id ?? '';
      expect(preview).toContain(id);
      const artifact = await platform.application.artifacts.read(platform.identity, id);
      expect(Buffer.from(artifact.content).toString()).toBe(content);
    });
  });

  it('that a model calls with the ids of an earlier answer is executed for each call', async () => {
    const write = countingTool('write');
    const calls = [1, 2].map((n) => ({ tool: 'write', callId: 'call_0', arguments: { n } }));
    const model = [{ calls }, { calls: [{ ...calls[0]!, arguments: { n: 3 } }] }, { text: 'Done.' }];
    await withPlatform({ tools: [write.tool], model }, async (platform) => {
      expect(await platform.run('Go')).toMatchObject({ status: 'succeeded', turns: 3 });
      expect(write.executions.map(({ input }) => input)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
      expect(new Set(write.executions.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(3);
      expect(lastResults(platform.model.requests[1]).map(({ content }) => content)).toHaveLength(2);
    });
  });
});
