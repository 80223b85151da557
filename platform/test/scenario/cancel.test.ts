import type { RunStore } from '@batuta/platform/ports';
import { startTestPlatform, withPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { callOnce } from './model-fixtures.ts';
import { accept, ended, replaced, withProcesses } from './processes.ts';
import { countingTool } from './tool-fixtures.ts';

describe('a run is cancelled', () => {
  it('while it is queued, and whoever waits for it learns it at once', async () => {
    const looked = Promise.withResolvers<void>();
    let looks = 0;
    const get: RunStore['get'] = async (...target) => {
      const run = await platform.stores.runs.get(...target);
      // Following begins with one look at the run, and is live after another.
      if ((looks += 1) === 2) setImmediate(looked.resolve);
      return run;
    };
    const runs = (store: RunStore) => replaced(store, { get });
    const platform = await startTestPlatform({ worker: false, runs });
    const { id } = await accept(platform);
    const waiting = ended(platform, id);
    await looked.promise;
    await platform.application.runs.cancel(platform.identity, id);
    const cancelledAt = performance.now();
    expect(await waiting).toMatchObject({ status: 'cancelled' });
    expect(performance.now() - cancelledAt).toBeLessThan(5_000);
    await platform.stop(0);
    platform.stores.release();
  });

  it('while it is queued, for a client of another process', async () => {
    const api = { worker: false, pollMs: 60_000 };
    await withProcesses([api, api], async (first, second) => {
      const { id } = await accept(first);
      const waiting = ended(second, id);
      await first.application.runs.cancel(first.identity, id);
      expect(await waiting).toMatchObject({ status: 'cancelled' });
    });
  });

  it('while its model answers: the text that was shown is taken back', async () => {
    await withPlatform({ model: [{ hangAfterText: 'Once upon ' }] }, async (platform) => {
      const { id, session_id } = await accept(platform);
      await platform.signals.reached('model-call-first-token');
      await platform.application.runs.cancel(platform.identity, id, 'Boring.');
      expect(await ended(platform, id)).toMatchObject({ status: 'cancelled', output: null });
      const last = (await platform.events(session_id)).at(-1);
      expect(last).toMatchObject({
        kind: 'run-cancelled',
        data: { reason: 'Boring.', cancelled_by: platform.identity.name },
      });
    });
  });

  it('while its model ignores the signal to stop', async () => {
    const deaf = () => new Promise<never>(() => undefined);
    await withPlatform({ model: deaf }, async (platform) => {
      const { id } = await accept(platform);
      await platform.signals.reached('model-call-before');
      await platform.application.runs.cancel(platform.identity, id);
      expect(await ended(platform, id)).toMatchObject({ status: 'cancelled' });
    });
  });

  it('while a tool runs, which is told to stop; the call has a result and the effect an outcome', async () => {
    const told = Promise.withResolvers<void>();
    const execute = (_: unknown, { signal }: { signal: AbortSignal }) => {
      signal.addEventListener('abort', () => told.resolve());
      return new Promise<string>(() => undefined);
    };
    const write = countingTool('write', { execute });
    await withPlatform({ model: callOnce({ tool: 'write' }), tools: [write.tool] }, async (platform) => {
      const { id, session_id } = await accept(platform);
      await platform.signals.reached('tool-before');
      await platform.application.runs.cancel(platform.identity, id);
      await told.promise;
      await ended(platform, id);
      const settled = (await platform.events(session_id)).find(({ kind }) => kind === 'tool-call-settled');
      expect(settled?.data).toMatchObject({ outcome: 'cancelled' });
      const effects = await platform.stores.engine.administer((client) =>
        client.query('select outcome from batuta.effects'),
      );
      expect(effects.rows).toEqual([{ outcome: 'cancelled' }]);
    });
  });

  it('while it waits for input', async () => {
    const model = callOnce({ tool: 'ask_user', arguments: { question: 'Which?' } });
    await withPlatform({ model }, async (platform) => {
      const waiting = await platform.run('Go');
      expect(waiting).toMatchObject({ status: 'waiting', waiting_for: 'input' });
      await platform.application.runs.cancel(platform.identity, waiting.id);
      expect(await ended(platform, waiting.id)).toMatchObject({ status: 'cancelled' });
    });
  });

  it('and the next run of its session begins with a history that can be sent', async () => {
    const write = countingTool('write', { execute: () => new Promise(() => undefined) });
    const model = [{ calls: [{ tool: 'write' }] }, { text: 'Hello again.' }];
    await withPlatform({ model, tools: [write.tool] }, async (platform) => {
      const { id, session_id } = await accept(platform);
      await platform.signals.reached('tool-before');
      await platform.application.runs.cancel(platform.identity, id);
      const next = await platform.run('And now?', { sessionId: session_id });
      expect(next).toMatchObject({ status: 'succeeded', output: { text: 'Hello again.' } });
      const roles = platform.model.requests[1]?.messages.map(({ role }) => role);
      expect(roles).toEqual(['user', 'assistant', 'tool', 'user']);
    });
  });

  it('only while it has not ended', async () => {
    await withPlatform({ model: [{ text: 'Done.' }] }, async (platform) => {
      const { id } = await platform.run('Go');
      await expect(platform.application.runs.cancel(platform.identity, id)).rejects.toMatchObject({
        code: 'run-state-conflict',
        status: 409,
      });
    });
  });
});
