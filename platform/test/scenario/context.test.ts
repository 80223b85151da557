import { ScriptedModel, type ScriptedAnswer } from '@batuta/testkit/model';
import type { ModelRequest } from '@batuta/platform/ports';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { expectSendable, lastResults, userTexts } from './model-fixtures.ts';
import { accept, ended } from './processes.ts';
import { countingTool } from './tool-fixtures.ts';

type Answer = (request: ModelRequest, index: number) => ScriptedAnswer | Promise<ScriptedAnswer>;

/** About 500 tokens by our estimate; three of them fill the model. */
const long = (word: string) => word.padEnd(1_500, '.');

function isSummary(request: ModelRequest): boolean {
  return request.instructions.startsWith('Summarise');
}

/** A model of 2,000 tokens that is asked for answers and for summaries. */
function smallModel(
  answer: Answer,
  summary: Answer = () => ({ text: 'They named colours.' }),
): ScriptedModel {
  const script: Answer = (request, index) => (isSummary(request) ? summary : answer)(request, index);
  return new ScriptedModel(script, { contextTokens: 2_000 });
}

/** Runs of one session, one after the other. */
async function converse(platform: TestPlatform, inputs: readonly string[]): Promise<string> {
  let sessionId: string | undefined;
  for (const input of inputs) {
    const run = await platform.run(input, sessionId === undefined ? {} : { sessionId });
    expect(run).toMatchObject({ status: 'succeeded' });
    sessionId = run.session_id;
  }
  return sessionId ?? '';
}

describe('a history that no longer fits', () => {
  it('is replaced by a summary that a model wrote; the log keeps all', async () => {
    const model = smallModel(() => ({ text: 'Ok.' }));
    await withPlatform({ model }, async (platform) => {
      const sessionId = await converse(platform, ['red', 'green', 'blue', 'white'].map(long));
      const log = await platform.events(sessionId);
      const compacted = log.find(({ kind }) => kind === 'history-compacted');
      expect(compacted?.data).toMatchObject({ method: 'model', summary: 'They named colours.' });
      expect(log.filter(({ kind }) => kind === 'message-added')).toHaveLength(4);
      const texts = userTexts(model.requests.at(-1));
      expect(texts[0]).toContain('They named colours.');
      expect(texts.at(-1)).toContain('white');
      expect(texts.join()).not.toContain('red');
    });
  });

  it('counts the summary among the tokens and the cost of its run', async () => {
    const model = smallModel(() => ({ text: 'Ok.' }));
    await withPlatform({ model }, async (platform) => {
      const session_id = await converse(platform, ['red', 'green', 'blue', 'white'].map(long));
      const { items } = await platform.application.runs.list(platform.identity, { session_id, limit: 10 });
      expect(model.requests.filter(isSummary).length).toBeGreaterThan(0);
      const tokens = items.reduce((sum, run) => sum + run.usage.input_tokens, 0);
      const dollars = items.reduce((sum, run) => sum + (run.cost_usd ?? 0), 0);
      expect(tokens).toBe(10 * model.requests.length);
      expect(dollars).toBeCloseTo(0.000007 * model.requests.length, 9);
    });
  });

  it('is replaced by an excerpt where no model can summarise', async () => {
    const model = smallModel(
      () => ({ text: 'Ok.' }),
      () => ({ failure: 'server' }),
    );
    await withPlatform({ model }, async (platform) => {
      const sessionId = await converse(platform, ['red', 'green', 'blue', 'white'].map(long));
      const compacted = (await platform.events(sessionId)).find(({ kind }) => kind === 'history-compacted');
      expect(compacted?.data).toMatchObject({ method: 'excerpt' });
      expect(userTexts(model.requests.at(-1))[0]).toContain('User: red');
    });
  });

  it('is compacted again and again without losing the summary before', async () => {
    const summaries: string[] = [];
    const model = smallModel(
      () => ({ text: 'Ok.' }),
      (request) => {
        summaries.push(userTexts(request).join());
        return { text: `Summary ${summaries.length}.` };
      },
    );
    const colours = ['red', 'green', 'blue', 'white', 'black', 'pink', 'grey', 'brown'];
    await withPlatform({ model }, async (platform) => {
      await converse(platform, colours.map(long));
      expect(summaries.length).toBeGreaterThan(1);
      for (const [index, text] of summaries.slice(1).entries()) {
        expect(text).toContain(`Summary ${index + 1}.`);
      }
    });
  });

  it('keeps every call with its result', async () => {
    const read = countingTool('read', {
      readOnly: true,
      execute: async (input) => long(JSON.stringify(input)),
    });
    const model = smallModel((_, index) =>
      index < 12 ? { calls: [{ tool: 'read', arguments: { index } }] } : { text: 'Done.' },
    );
    await withPlatform({ model, tools: [read.tool] }, async (platform) => {
      expect(await platform.run('Go')).toMatchObject({ status: 'succeeded' });
      expect(model.requests.filter(isSummary).length).toBeGreaterThan(1);
      for (const request of model.requests) expectSendable(request.messages);
      expect(lastResults(model.requests.at(-1))).toHaveLength(1);
    });
  });

  it('does not fail a run that is cancelled while the summary is written', async () => {
    const begun = Promise.withResolvers<void>();
    const hang = () => (begun.resolve(), { hangAfterText: 'They ' });
    await withPlatform({ model: smallModel(() => ({ text: 'Ok.' }), hang) }, async (platform) => {
      const first = await accept(platform, long('red'));
      for (const colour of ['green', 'blue', 'white']) await accept(platform, long(colour), first.session_id);
      await begun.promise;
      const { runs } = platform.application;
      const page = await runs.list(platform.identity, { limit: 10, status: 'running' });
      const id = page.items[0]?.id ?? '';
      await runs.cancel(platform.identity, id);
      expect(await ended(platform, id)).toMatchObject({ status: 'cancelled' });
    });
  });

  it('ends the run when nothing is left to cut', async () => {
    await withPlatform({ model: smallModel(() => ({ text: 'Ok.' })) }, async (platform) => {
      const run = await platform.run('x'.repeat(20_000));
      expect(run).toMatchObject({ status: 'failed', error: { code: 'context-too-long' } });
    });
  });
});

describe('a provider that refuses the history as too long', () => {
  it('is asked again once with a shorter one', async () => {
    const model = smallModel((_, index) => (index === 2 ? { failure: 'context' } : { text: 'Ok.' }));
    await withPlatform({ model }, async (platform) => {
      const sessionId = await converse(platform, ['red', 'green', 'blue']);
      const kinds = (await platform.events(sessionId)).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'history-compacted')).toHaveLength(1);
      expect(kinds.filter((kind) => kind === 'model-call-failed')).toHaveLength(1);
    });
  });

  it('and refuses the shorter one, too, ends the run', async () => {
    const model = smallModel((_, index) => (index >= 2 ? { failure: 'context' } : { text: 'Ok.' }));
    await withPlatform({ model }, async (platform) => {
      const sessionId = await converse(platform, ['red', 'green']);
      const run = await platform.run('blue', { sessionId });
      expect(run).toMatchObject({ status: 'failed', error: { code: 'context-too-long' } });
      expect(model.requests.filter((request) => !isSummary(request))).toHaveLength(4);
    });
  });
});

describe('a file in the input', () => {
  it('reaches the model with its bytes, also in later runs of the session', async () => {
    await withPlatform({ model: () => ({ text: 'A cat.' }) }, async (platform) => {
      const bytes = Buffer.from([1, 2, 3, 0, 255]);
      const file = {
        type: 'file',
        media_type: 'image/png',
        data: bytes.toString('base64'),
        name: 'cat.png',
      } as const;
      const input = [{ type: 'text', text: 'What is it?' } as const, file];
      const run = await platform.application.runs.accept(platform.identity, { agent: 'assistant', input });
      await ended(platform, run.id);
      await platform.run('Sure?', { sessionId: run.session_id });
      for (const request of platform.model.requests) {
        const parts = request.messages.flatMap((message) => (message.role === 'user' ? message.parts : []));
        const sent = parts.find((part) => part.type === 'file');
        expect(sent).toMatchObject({ mediaType: 'image/png', name: 'cat.png' });
        expect(Buffer.from(sent?.data ?? [])).toEqual(bytes);
      }
    });
  });
});
