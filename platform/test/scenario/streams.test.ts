import { withPlatform } from '@batuta/testkit/platform';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { accept, ended, withProcesses } from './processes.ts';
import { StreamClient } from './stream-client.ts';
import { Pace, TalkingModel } from './talking-model.ts';
import { countingTool } from './tool-fixtures.ts';

/** What a client does at each of its connections: at which process, and after how many frames it leaves. */
const partings = fc.array(fc.record({ process: fc.nat(1), frames: fc.nat(9) }), { maxLength: 8 });

describe.each(['pglite', 'postgres'] as const)('a client that comes and goes, on %s', (database) => {
  it('has exactly the text of the log and every event once, wherever it connects', async () => {
    const pace = new Pace();
    const models = [
      new TalkingModel('talking/one', pace, { words: 12, breaksAfter: 9 }),
      new TalkingModel('talking/two', pace, { words: 12 }),
    ];
    const read = countingTool('read', { readOnly: true });
    const process = { database, postgresUrl: inject('postgresUrl'), model: models, tools: [read.tool] };
    await withProcesses([process, { ...process, worker: false }], async (...processes) => {
      const check = async (visits: { process: number; frames: number }[]) => {
        const client = new StreamClient(() => pace.allow(1));
        const run = await accept(processes[0]);
        for (const visit of visits) {
          pace.allow(3);
          await client.connect(processes[visit.process]!, { runId: run.id }, visit.frames);
        }
        pace.allow(1_000);
        await client.connect(processes[visits.length % 2]!, { runId: run.id });
        expect(client.faults).toEqual([]);
        expect(client.events).toEqual(await processes[0].events(run.session_id));
      };
      await fc.assert(fc.asyncProperty(partings, check), { numRuns: 25 });
    });
  });
});

describe('a stream of a run', () => {
  it('shows a failed beginning, takes it back, and shows the answer of the next model once', async () => {
    const pace = new Pace();
    const model = [
      new TalkingModel('a/one', pace, { words: 6, breaksAfter: 3 }),
      new TalkingModel('b/two', pace, { words: 6 }),
    ];
    const read = countingTool('read', { readOnly: true });
    await withPlatform({ model, tools: [read.tool] }, async (platform) => {
      const run = await accept(platform);
      const client = new StreamClient(({ event }) => pace.allow(event === 'text-delta' ? 1 : 0));
      pace.allow(1);
      const over = client.connect(platform, { runId: run.id });
      await platform.signals.reached('tool-after');
      pace.allow(100);
      expect(await over).toEqual({ retry: false });
      expect(client.faults).toEqual([]);
      expect(client.resets).toHaveLength(2);
      expect(client.texts.size).toBe(2);
      const failed = client.events.filter(({ kind }) => kind === 'model-call-failed');
      expect(failed[0]?.data).toMatchObject({ model: 'a/one', next_model: 'b/two' });
    });
  });

  it('ends with the run, and that of a retried run goes on where it was', async () => {
    const model = [{ failure: 'server' as const }, { text: 'Better.' }];
    await withPlatform({ model }, async (platform) => {
      const { id, session_id } = await accept(platform);
      const client = new StreamClient();
      expect(await client.connect(platform, { runId: id })).toEqual({ retry: false });
      expect(client.events.at(-1)?.kind).toBe('run-failed');
      await platform.application.runs.retry(platform.identity, id);
      expect(await client.connect(platform, { runId: id })).toEqual({ retry: false });
      expect(client.faults).toEqual([]);
      expect(client.events).toEqual(await platform.events(session_id));
    });
  });

  it('that is queued shows nothing of the run before it', async () => {
    const pace = new Pace();
    const model = [new TalkingModel('talking/one', pace, { words: 4 })];
    const read = countingTool('read', { readOnly: true });
    await withPlatform({ model, tools: [read.tool] }, async (platform) => {
      const first = await accept(platform, 'One');
      const second = await accept(platform, 'Two', first.session_id);
      expect(second.status).toBe('queued');
      const client = new StreamClient();
      const over = client.connect(platform, { runId: second.id });
      pace.allow(2);
      await platform.signals.reached('model-call-first-token');
      pace.allow(1_000);
      await over;
      expect(client.faults).toEqual([]);
      expect(new Set(client.events.map((event) => event.run_id))).toEqual(new Set([second.id]));
      expect(client.events[0]?.kind).toBe('run-started');
      expect(client.texts.size).toBe(2);
    });
  });

  it('is ended with the hint to come back when its server stops', async () => {
    const process = { model: [{ hangAfterText: 'Hm ' }] };
    await withProcesses([process, { ...process, worker: false }], async (first, second) => {
      const run = await accept(first);
      const client = new StreamClient();
      const over = client.connect(second, { runId: run.id });
      await first.signals.reached('model-call-first-token');
      await second.stop(0);
      expect(await over).toEqual({ retry: true });
      expect(await client.connect(second, { runId: run.id })).toEqual({ retry: true });
      await first.application.runs.cancel(first.identity, run.id);
      expect(await client.connect(first, { runId: run.id })).toEqual({ retry: false });
      expect(client.faults).toEqual([]);
      expect(client.events).toEqual(await first.events(run.session_id));
    });
  });
});

describe('a stream of a session', () => {
  it('shows all its runs, one after the other, and does not end', async () => {
    await withPlatform({ model: () => ({ text: 'Ok.' }) }, async (platform) => {
      const first = await platform.run('One');
      const client = new StreamClient();
      const following = client.connect(platform, { sessionId: first.session_id }, 10);
      await platform.run('Two', { sessionId: first.session_id });
      expect(await following).toBe('left');
      expect(client.faults).toEqual([]);
      expect(client.events).toEqual(await platform.events(first.session_id));
    });
  });
});

describe('waiting for a run', () => {
  it('goes on past questions that were answered', async () => {
    const ask = { tool: 'ask_user', arguments: { question: 'Which?' } };
    const model = [{ calls: [ask] }, { calls: [ask] }, { text: 'Done.' }];
    await withPlatform({ model }, async (platform) => {
      const { id } = await platform.run('Go');
      for (const answer of ['Blue.', 'Two.']) {
        expect(await ended(platform, id)).toMatchObject({ status: 'waiting' });
        await platform.application.runs.addMessage(platform.identity, id, answer);
      }
      expect(await ended(platform, id)).toMatchObject({ status: 'succeeded' });
    });
  });
});
