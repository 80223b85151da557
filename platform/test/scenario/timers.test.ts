import { AdvancingClock } from '@batuta/testkit/clock';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { CrashingRuns } from './crashing-runs.ts';
import { callOnce, lastResults } from './model-fixtures.ts';
import { letTimePass } from './passing-time.ts';
import { accept, ended, withProcesses } from './processes.ts';
import { countingTool } from './tool-fixtures.ts';

const limits = { turns: 3, minutes: 10, parallel_tools: 8 };
const question = { tool: 'ask_user', arguments: { question: 'Which?' } };

function wait(seconds: number) {
  return callOnce({ tool: 'wait_until', arguments: { seconds } });
}

async function suspended(platform: TestPlatform) {
  const run = await accept(platform);
  await platform.signals.reached('run-released');
  return run;
}

describe('a timer', () => {
  it('lets the run go on when its time has come, without anyone saying so', async () => {
    await withPlatform({ model: wait(1), pollMs: 50 }, async (platform) => {
      const began = Date.now();
      expect(await platform.run('Go')).toMatchObject({ status: 'succeeded', turns: 2 });
      expect(Date.now() - began).toBeGreaterThanOrEqual(1_000);
    });
  });

  it('of a day costs nothing but a row', async () => {
    await withPlatform({ model: wait(86_400), pollMs: 20 }, async (platform) => {
      const before = Date.now();
      const { id } = await suspended(platform);
      const run = await platform.application.runs.get(platform.identity, id);
      expect(run).toMatchObject({ status: 'waiting', waiting_for: 'timer' });
      const waitsMs = Date.parse(run.waiting_until ?? '') - before;
      expect(Math.round(waitsMs / 60_000)).toBe(24 * 60);
      expect(platform.worker?.size).toBe(0);
      await letTimePass(platform, 24 * 60);
      expect(await ended(platform, id)).toMatchObject({ status: 'succeeded' });
      expect(lastResults(platform.model.requests[1])[0]?.content).toContain('The time has come');
    });
  });

  it('is due when the database says so, also for a process whose clock is behind', async () => {
    const behind = new AdvancingClock();
    behind.advance(-30_000);
    await withPlatform({ model: wait(60), pollMs: 20, clock: behind }, async (platform) => {
      const { id, session_id } = await suspended(platform);
      await letTimePass(platform, 40 / 60);
      expect(await ended(platform, id)).toMatchObject({ status: 'succeeded' });
      const kinds = (await platform.events(session_id)).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'run-suspended')).toHaveLength(1);
    });
  });
});

describe('the time limit', () => {
  it('stops a model in the middle of its answer', async () => {
    const clock = new AdvancingClock();
    const agents = [{ limits }];
    await withPlatform({ clock, agents, model: [{ hangAfterText: 'Hm ' }] }, async (platform) => {
      const { id } = await accept(platform);
      await platform.signals.reached('model-call-first-token');
      clock.advance(600_000);
      expect(await ended(platform, id)).toMatchObject({
        status: 'failed',
        error: { code: 'time-limit-reached', data: { minutes: 10 } },
      });
    });
  });

  it('stops a tool, and its call has a result', async () => {
    const clock = new AdvancingClock();
    const write = countingTool('write', {
      timeoutMs: 3_600_000,
      execute: () => new Promise(() => undefined),
    });
    const options = { clock, agents: [{ limits }], tools: [write.tool], model: callOnce({ tool: 'write' }) };
    await withPlatform(options, async (platform) => {
      const { id, session_id } = await accept(platform);
      await platform.signals.reached('tool-before');
      clock.advance(600_000);
      expect(await ended(platform, id)).toMatchObject({ error: { code: 'time-limit-reached' } });
      const settled = (await platform.events(session_id)).find(({ kind }) => kind === 'tool-call-settled');
      expect(settled?.data).toMatchObject({ outcome: 'interrupted' });
    });
  });

  it('does not count the time in which the run waited', async () => {
    await withPlatform({ agents: [{ limits }], model: callOnce(question) }, async (platform) => {
      const { id } = await suspended(platform);
      await letTimePass(platform, 30);
      await platform.application.runs.addMessage(platform.identity, id, 'Blue.');
      expect(await ended(platform, id)).toMatchObject({ status: 'succeeded' });
    });
  });

  it('does not count the time in which no process was there to go on', async () => {
    const hanging = Promise.withResolvers<string>();
    const read = countingTool('read', { readOnly: true, execute: () => hanging.promise });
    const crashing = new CrashingRuns();
    const process = {
      agents: [{ limits }],
      tools: [read.tool],
      model: callOnce({ tool: 'read' }),
      pollMs: 20,
    };
    await withProcesses([{ ...process, runs: crashing.wrap }], async (first) => {
      const { id } = await accept(first);
      await first.signals.reached('commit-after');
      await crashing.crash();
      await letTimePass(first, 30);
      hanging.resolve('read');
      await withPlatform({ ...process, share: first }, async (second) => {
        expect(await ended(second, id)).toMatchObject({ status: 'succeeded' });
      });
    });
  });
});

describe('the turn limit', () => {
  it('ends a run that goes on and on', async () => {
    const read = countingTool('read', { readOnly: true });
    const model = () => ({ calls: [{ tool: 'read', arguments: { n: read.executions.length } }] });
    await withPlatform({ agents: [{ limits }], tools: [read.tool], model }, async (platform) => {
      expect(await platform.run('Go')).toMatchObject({
        status: 'failed',
        turns: 3,
        error: { code: 'turn-limit-reached', data: { limit: 3 } },
      });
    });
  });
});

describe('an approval that nobody decides', () => {
  it('expires, and the model is told', async () => {
    const hanging = Promise.withResolvers<string>();
    const write = countingTool('write', { destructive: true, timeoutMs: 10, execute: () => hanging.promise });
    const options = { tools: [write.tool], model: callOnce({ tool: 'write' }), pollMs: 20 };
    await withPlatform(options, async (platform) => {
      const { id } = await suspended(platform);
      await letTimePass(platform, 24 * 60);
      expect(await ended(platform, id)).toMatchObject({ status: 'succeeded' });
      expect(lastResults(platform.model.requests[1])[0]?.content).toContain('Nobody decided in time');
      expect(write.executions).toHaveLength(1);
    });
  });
});
