import { withPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { countingTool } from './tool-fixtures.ts';

describe('a run', () => {
  it('answers, and its log tells how', async () => {
    await withPlatform({ model: [{ text: 'Hello there.' }] }, async (platform) => {
      const ended = await platform.run('Hi');
      expect(ended).toMatchObject({
        status: 'succeeded',
        output: { text: 'Hello there.' },
        turns: 1,
        cost_usd: 0.000007,
      });
      const log = await platform.events(ended.session_id);
      expect(log.map((event) => event.kind)).toEqual([
        'run-started',
        'message-added',
        'model-call-settled',
        'run-succeeded',
      ]);
    });
  });

  it('executes the calls of an answer side by side and tells the model their results', async () => {
    const meeting = Promise.withResolvers<string>();
    let arrived = 0;
    const meet = async () => {
      arrived += 1;
      if (arrived === 2) meeting.resolve('met');
      return meeting.promise;
    };
    const read = countingTool('read', { readOnly: true, execute: meet });
    const model = [
      {
        calls: [
          { tool: 'read', arguments: { n: 1 } },
          { tool: 'read', arguments: { n: 2 } },
        ],
      },
      { text: 'Both.' },
    ];
    await withPlatform({ model, tools: [read.tool] }, async (platform) => {
      expect(await platform.run('Go')).toMatchObject({ status: 'succeeded', turns: 2 });
      const last = platform.model.requests[1]?.messages.at(-1);
      expect(last).toMatchObject({ role: 'tool', results: [{ content: 'met' }, { content: 'met' }] });
    });
  });

  it('writes one transaction for a turn with a quick read-only call', async () => {
    const read = countingTool('read', { readOnly: true });
    const model = [
      { calls: [{ tool: 'read' }] },
      { calls: [{ tool: 'read', arguments: { again: 1 } }] },
      { text: 'Done.' },
    ];
    await withPlatform({ model, tools: [read.tool] }, async (platform) => {
      await platform.run('Go');
      const commits = platform.signals.passed.filter(({ point }) => point === 'commit-after');
      expect(commits.map(({ detail }) => detail.events)).toEqual([
        ['model-call-settled', 'tool-call-settled'],
        ['model-call-settled', 'tool-call-settled'],
        ['model-call-settled', 'run-succeeded'],
      ]);
    });
  });

  it('commits the answer while a read-only call takes its time', async () => {
    const slow = Promise.withResolvers<string>();
    const read = countingTool('read', { readOnly: true, execute: () => slow.promise });
    const model = [{ calls: [{ tool: 'read' }] }, { text: 'Done.' }];
    await withPlatform({ model, tools: [read.tool] }, async (platform) => {
      const ended = platform.run('Go');
      const { events } = await platform.signals.reached('commit-after');
      expect(events).toEqual(['model-call-settled']);
      slow.resolve('late');
      expect((await ended).status).toBe('succeeded');
    });
  });

  it('claims an effect, in a commit, before it starts', async () => {
    const write = countingTool('write');
    const model = [{ calls: [{ tool: 'write' }] }, { text: 'Done.' }];
    await withPlatform({ model, tools: [write.tool] }, async (platform) => {
      const held = platform.signals.hold('tool-before');
      const ended = platform.run('Go');
      await held.arrived;
      expect(
        platform.signals.passed.findLast(({ point }) => point === 'commit-after')?.detail.events,
      ).toContain('tool-call-claimed');
      expect(write.executions).toHaveLength(0);
      held.release();
      expect((await ended).status).toBe('succeeded');
      expect(write.executions).toHaveLength(1);
    });
  });

  it('goes on in the same session with what was said before', async () => {
    const model = [{ text: 'My name is Ada.' }, { text: 'Ada.' }];
    await withPlatform({ model }, async (platform) => {
      const first = await platform.run('Who are you?');
      const second = await platform.run('Again?', { sessionId: first.session_id });
      expect(second.output?.text).toBe('Ada.');
      expect(platform.model.requests[1]?.messages.map((message) => message.role)).toEqual([
        'user',
        'assistant',
        'user',
      ]);
    });
  });
});

describe('a careless model', () => {
  it('is told precisely what is wrong with its arguments, and nothing is executed', async () => {
    const write = countingTool('write');
    const model = [
      { calls: [{ tool: 'write', arguments: '{"path": "a.txt", "text": "cut of' }] },
      { text: 'Sorry.' },
    ];
    await withPlatform({ model, tools: [write.tool] }, async (platform) => {
      expect((await platform.run('Go')).status).toBe('succeeded');
      expect(write.executions).toHaveLength(0);
      const result = platform.model.requests[1]?.messages.at(-1);
      expect(JSON.stringify(result)).toMatch(/cut off/);
    });
  });

  it('is told which tools there are when it names one that does not exist', async () => {
    const model = [{ calls: [{ tool: 'wriet' }] }, { text: 'Sorry.' }];
    await withPlatform({ model, tools: [countingTool('write').tool] }, async (platform) => {
      await platform.run('Go');
      expect(JSON.stringify(platform.model.requests[1]?.messages.at(-1))).toContain('The tools are: write');
    });
  });

  it('is stopped when it repeats itself after a warning', async () => {
    const read = countingTool('read', { readOnly: true, execute: async () => 'the same' });
    await withPlatform(
      { model: () => ({ calls: [{ tool: 'read' }] }), tools: [read.tool] },
      async (platform) => {
        const ended = await platform.run('Go');
        expect(ended.error).toMatchObject({ code: 'progress-stalled', data: { tool: 'read', count: 4 } });
        expect(read.executions).toHaveLength(4);
        expect(JSON.stringify(platform.model.requests[3]?.messages.at(-1))).toContain('not making progress');
      },
    );
  });
});
