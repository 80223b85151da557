import { describe, expect, test } from 'vitest';
import type { NewCachedAnswer } from '../../src/port/answer-cache.ts';
import { end, ids, makeRun, makeTurn, start } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

function makeAnswer(changes: Partial<NewCachedAnswer> = {}): NewCachedAnswer {
  return {
    id: ids.create('answer'),
    partition: 'agent-1',
    key: 'question-1',
    model: 'scripted/model',
    parts: [{ type: 'text', text: 'Yes\u0000.' }],
    costMicros: 12,
    question: null,
    keptMs: 60_000,
    ...changes,
  };
}

/** What every cache of answers must do. */
export function describeAnswers(open: StoreFactory): void {
  describe('kept answers', () => {
    const stores = useStores(open);

    async function keep(...cachedAnswers: NewCachedAnswer[]): Promise<string> {
      const run = makeRun();
      const lease = await start(stores().runs, run);
      await stores().runs.commit(makeTurn(lease, 2, { cachedAnswers }));
      await end(stores().runs, lease, 3);
      return run.sessionId;
    }

    test('are found by partition and key, and by nobody else', async () => {
      const answer = makeAnswer();
      await keep(answer);
      const { answers } = stores();
      const key = { partition: 'agent-1', key: 'question-1' };
      const { id, model, parts, costMicros } = answer;
      expect(await answers.find('acme', key)).toEqual({ id, model, parts, costMicros });
      expect(await answers.find('other', key)).toBeUndefined();
      expect(await answers.find('acme', { ...key, partition: 'agent-2' })).toBeUndefined();
      expect(await answers.find('acme', { ...key, key: 'question-2' })).toBeUndefined();
    });

    test('the newer answer to the same question stays', async () => {
      await keep(makeAnswer());
      const newer = makeAnswer({ parts: [{ type: 'text', text: 'No.' }], costMicros: null });
      await keep(newer);
      const found = await stores().answers.find('acme', { partition: 'agent-1', key: 'question-1' });
      expect(found).toMatchObject({ id: newer.id, costMicros: null });
    });

    test('questions are given newest first, for one tenant and partition', async () => {
      const question = (text: string) => ({ text, embedding: [0.5, -0.25] });
      await keep(makeAnswer({ key: 'a', question: question('a') }), makeAnswer({ key: 'plain' }));
      await keep(makeAnswer({ key: 'b', question: question('b') }));
      await keep(makeAnswer({ key: 'c', partition: 'agent-2', question: question('c') }));
      const { answers } = stores();
      const found = await answers.questions('acme', 'agent-1', 9);
      expect(found.map(({ text, embedding }) => ({ text, embedding }))).toEqual([
        question('b'),
        question('a'),
      ]);
      expect(await answers.questions('acme', 'agent-1', 1)).toHaveLength(1);
      expect(await answers.questions('other', 'agent-1', 9)).toEqual([]);
    });

    test('expire, and are removed then', async () => {
      await keep(makeAnswer({ keptMs: -1 }), makeAnswer({ key: 'other' }));
      const { answers } = stores();
      expect(await answers.find('acme', { partition: 'agent-1', key: 'question-1' })).toBeUndefined();
      expect(await answers.forgetExpired('acme', 10)).toBe(1);
      expect(await answers.forgetExpired('acme', 10)).toBe(0);
    });

    test('go with the session that they come from', async () => {
      const sessionId = await keep(makeAnswer());
      await stores().sessions.delete('acme', sessionId);
      const key = { partition: 'agent-1', key: 'question-1' };
      expect(await stores().answers.find('acme', key)).toBeUndefined();
    });
  });
}
