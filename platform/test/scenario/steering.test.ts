import { withPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { callOnce, family, lastResults, userTexts } from './model-fixtures.ts';
import { accept, ended } from './processes.ts';
import { countingTool } from './tool-fixtures.ts';

const question = { tool: 'ask_user', arguments: { question: 'Which colour?' } };

describe('a message to a run', () => {
  it('is taken up at the next turn when it comes during a long call', async () => {
    const slow = Promise.withResolvers<string>();
    const write = countingTool('write', { execute: () => slow.promise });
    await withPlatform({ model: callOnce({ tool: 'write' }), tools: [write.tool] }, async (platform) => {
      const { id } = await accept(platform);
      await platform.signals.reached('tool-before');
      await platform.application.runs.addMessage(platform.identity, id, 'In blue, please.');
      slow.resolve('painted');
      expect(await ended(platform, id)).toMatchObject({ status: 'succeeded' });
      expect(userTexts(platform.model.requests[1])).toEqual(['Go', 'In blue, please.']);
      expect(lastResults(platform.model.requests[1])[0]?.content).toBe('painted');
    });
  });

  it('that arrives at the last moment before the end is answered as well', async () => {
    const model = [{ text: 'Red it is.' }, { text: 'Blue, then.' }];
    await withPlatform({ model }, async (platform) => {
      const held = platform.signals.hold(
        'commit-before',
        ({ events }) => events?.includes('run-succeeded') ?? false,
      );
      const { id, session_id } = await accept(platform);
      await held.arrived;
      await platform.application.runs.addMessage(platform.identity, id, 'In blue!');
      held.release();
      expect(await ended(platform, id)).toMatchObject({ output: { text: 'Blue, then.' }, turns: 2 });
      const kinds = (await platform.events(session_id)).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'run-succeeded')).toHaveLength(1);
    });
  });

  it('is said once, however often the run is told of it', async () => {
    const model = [{ text: 'One.' }, { text: 'Two.' }, { text: 'Three.' }];
    await withPlatform({ model }, async (platform) => {
      const { runs } = platform.application;
      const held = platform.signals.hold('model-call-before');
      const { id } = await accept(platform);
      await held.arrived;
      await runs.addMessage(platform.identity, id, 'First.');
      const second = platform.signals.hold(
        'commit-before',
        ({ events }) => events?.includes('message-added') ?? false,
      );
      held.release();
      await second.arrived;
      await runs.addMessage(platform.identity, id, 'Second.');
      second.release();
      await ended(platform, id);
      expect(userTexts(platform.model.requests.at(-1))).toEqual(['Go', 'First.', 'Second.']);
    });
  });

  it('answers its question', async () => {
    await withPlatform({ model: callOnce(question) }, async (platform) => {
      const waiting = await platform.run('Go');
      await platform.application.runs.addMessage(platform.identity, waiting.id, 'Blue.');
      expect(await ended(platform, waiting.id)).toMatchObject({ status: 'succeeded' });
      expect(lastResults(platform.model.requests[1])).toMatchObject([{ content: 'Blue.', isError: false }]);
    });
  });

  it('answers the oldest of two questions, and the run goes on waiting for the other', async () => {
    const other = { tool: 'ask_user', arguments: { question: 'How many?' } };
    await withPlatform({ model: callOnce(question, other) }, async (platform) => {
      const { id } = await platform.run('Go');
      const { runs } = platform.application;
      await runs.addMessage(platform.identity, id, 'Blue.');
      expect(await ended(platform, id)).toMatchObject({ status: 'waiting', waiting_for: 'input' });
      await runs.addMessage(platform.identity, id, 'Two.');
      expect(await ended(platform, id)).toMatchObject({ status: 'succeeded' });
      expect(lastResults(platform.model.requests[1]).map(({ content }) => content)).toEqual([
        'Blue.',
        'Two.',
      ]);
    });
  });

  it('that waits for something else is kept, and what it waits for still reaches the model', async () => {
    const answer = Promise.withResolvers<{ text: string }>();
    const parent = callOnce({ tool: 'agent_helper', arguments: { task: 'Count.' } });
    await withPlatform(
      family(parent, () => answer.promise),
      async (platform) => {
        const { id } = await accept(platform);
        const isMine = ({ runId }: { runId: string }) => runId === id;
        await platform.signals.reached('run-released', isMine);
        const again = platform.signals.next('run-released', isMine);
        await platform.application.runs.addMessage(platform.identity, id, 'In blue, please.');
        await again;
        answer.resolve({ text: 'Forty-two.' });
        expect(await ended(platform, id)).toMatchObject({ status: 'succeeded' });
        const request = platform.model.requests.at(-1);
        expect(lastResults(request)).toMatchObject([{ content: 'Forty-two.', isError: false }]);
        expect(userTexts(request)).toEqual(['Go', 'In blue, please.']);
      },
    );
  });

  it('is refused when the run has ended', async () => {
    await withPlatform({ model: [{ text: 'Done.' }] }, async (platform) => {
      const { id } = await platform.run('Go');
      await expect(
        platform.application.runs.addMessage(platform.identity, id, 'Wait!'),
      ).rejects.toMatchObject({
        code: 'run-state-conflict',
        status: 409,
      });
    });
  });
});
