import type { ModelRequest } from '@batuta/platform/ports';
import { AdvancingClock } from '@batuta/testkit/clock';
import { withPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { callOnce, expectSendable, userTexts } from './model-fixtures.ts';
import { accept, ended } from './processes.ts';
import { countingTool } from './tool-fixtures.ts';

describe('a failed run', () => {
  it('goes on from its last good turn when it is retried', async () => {
    const write = countingTool('write');
    const model = [{ calls: [{ tool: 'write' }] }, { failure: 'server' as const }, { text: 'Written.' }];
    await withPlatform({ model, tools: [write.tool] }, async (platform) => {
      const failed = await platform.run('Go');
      expect(failed).toMatchObject({ status: 'failed', error: { code: 'model-unavailable' } });
      const queued = await platform.application.runs.retry(platform.identity, failed.id);
      expect(queued).toMatchObject({ status: 'queued' });
      expect(queued.error).toBeUndefined();
      expect(await ended(platform, failed.id)).toMatchObject({ status: 'succeeded', turns: 2 });
      expect(write.executions).toHaveLength(1);
    });
  });

  it('has fresh limits when it is retried after its time was over', async () => {
    const clock = new AdvancingClock();
    const model = [{ hangAfterText: 'Hm ' }, { text: 'Quick this time.' }];
    await withPlatform({ clock, model }, async (platform) => {
      const { id } = await accept(platform);
      await platform.signals.reached('model-call-first-token');
      clock.advance(600_000);
      expect(await ended(platform, id)).toMatchObject({ error: { code: 'time-limit-reached' } });
      await platform.application.runs.retry(platform.identity, id);
      expect(await ended(platform, id)).toMatchObject({ status: 'succeeded' });
    });
  });

  it('can be retried after the session has gone on, and keeps what it did and cost', async () => {
    const model = [
      { calls: [{ tool: 'write' }] },
      { failure: 'server' as const },
      { text: 'Something else.' },
      { text: 'Written.' },
    ];
    const write = countingTool('write');
    await withPlatform({ model, tools: [write.tool] }, async (platform) => {
      const failed = await platform.run('Write it');
      const other = await platform.run('And else?', { sessionId: failed.session_id });
      expect(other).toMatchObject({ status: 'succeeded', output: { text: 'Something else.' } });
      await platform.application.runs.retry(platform.identity, failed.id);
      const retried = await ended(platform, failed.id);
      expect(retried).toMatchObject({ status: 'succeeded', output: { text: 'Written.' }, turns: 2 });
      expect(retried.usage.input_tokens).toBe(20);
      const log = await platform.events(failed.session_id);
      const begun = log.filter(({ kind, run_id }) => kind === 'run-started' && run_id === failed.id);
      expect(begun).toHaveLength(1);
    });
  });

  it('is not cancelled by a wish from before it failed', async () => {
    const model = [{ failure: 'server' as const }, { text: 'Better.' }];
    await withPlatform({ model }, async (platform) => {
      const held = platform.signals.hold(
        'commit-before',
        ({ events }) => events?.includes('run-failed') ?? false,
      );
      const { id } = await accept(platform);
      await held.arrived;
      await platform.application.runs.cancel(platform.identity, id);
      held.release();
      expect(await ended(platform, id)).toMatchObject({ status: 'failed' });
      await platform.application.runs.retry(platform.identity, id);
      expect(await ended(platform, id)).toMatchObject({ status: 'succeeded' });
    });
  });

  it('is the only kind that can be retried', async () => {
    await withPlatform({ model: [{ text: 'Done.' }] }, async (platform) => {
      const { id } = await platform.run('Go');
      const retried = platform.application.runs.retry(platform.identity, id);
      await expect(retried).rejects.toMatchObject({ code: 'run-state-conflict', status: 409 });
    });
  });
});

describe('a fork', () => {
  it('at any event has a history that can be sent, and goes its own way', async () => {
    const write = countingTool('write');
    const first = callOnce({ tool: 'write' }, { tool: 'write', arguments: { n: 2 } });
    await withPlatform({ model: first, tools: [write.tool] }, async (platform) => {
      const { session_id } = await platform.run('Go');
      const log = await platform.events(session_id);
      expect(log.length).toBeGreaterThan(6);
      for (const { seq } of log) {
        const fork = await platform.application.sessions.fork(platform.identity, session_id, seq);
        const went = await platform.run('Another way', { sessionId: fork.id });
        expect(went.status).toBe('succeeded');
        expectSendable(platform.model.requests.at(-1)?.messages ?? []);
      }
      expect(await platform.events(session_id)).toEqual(log);
    });
  });

  it('does not execute again what the original did', async () => {
    const write = countingTool('write');
    const model = callOnce({ tool: 'write' });
    await withPlatform({ model, tools: [write.tool] }, async (platform) => {
      const { session_id } = await platform.run('Go');
      const fork = await platform.application.sessions.fork(platform.identity, session_id);
      await platform.run('Again?', { sessionId: fork.id });
      expect(write.executions).toHaveLength(1);
      expect(userTexts(platform.model.requests.at(-1))).toEqual(['Go', 'Again?']);
    });
  });
});

/** A model that answers with what it was asked, once that is allowed. */
function gatedModel() {
  const gates = new Map(['a1', 'a2', 'a3', 'b1'].map((name) => [name, Promise.withResolvers<void>()]));
  const started: string[] = [];
  const model = async (request: ModelRequest) => {
    const name = userTexts(request).at(-1) ?? '';
    started.push(name);
    await gates.get(name)?.promise;
    return { text: name };
  };
  return { model, started, open: (name: string) => gates.get(name)?.resolve() };
}

describe('runs', () => {
  it('of one session are done one at a time and in order, those of several side by side', async () => {
    const { model, started, open } = gatedModel();
    await withPlatform({ model }, async (platform) => {
      const first = await accept(platform, 'a1');
      const behind = [
        await accept(platform, 'a2', first.session_id),
        await accept(platform, 'a3', first.session_id),
      ];
      const other = await accept(platform, 'b1');
      expect(behind.map(({ status }) => status)).toEqual(['queued', 'queued']);
      expect([first.status, other.status]).toEqual(['running', 'running']);
      for (const name of ['b1', 'a1', 'a2', 'a3']) open(name);
      for (const { id } of [first, ...behind, other]) {
        expect((await ended(platform, id)).status).toBe('succeeded');
      }
      expect(started.filter((name) => name.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    });
  });
});
