import { BatutaClient } from '@batuta/sdk';
import { hangAfter, pauseAfter, text, toolCalls } from '@batuta/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { StrictReader } from '../project/strict-reader.ts';
import { administratorKey, clientOf } from '../project/test-project.ts';
import { startCluster, type Cluster } from './cluster.ts';

const words = Array.from({ length: 80 }, (_, index) => `wörd${index}·`).join(' ');

/** What processes of one platform must do together, over whichever bus they hear each other. */
export function describeCluster(bus: string, environment: () => Parameters<typeof startCluster>[0]): void {
  describe(`an API process and a worker process, over ${bus}`, () => {
    let cluster: Cluster;
    beforeAll(async () => {
      cluster = await startCluster(environment());
    });
    beforeEach(() => cluster.emulator.reset());
    afterAll(() => cluster[Symbol.asyncDispose]());

    test('share the work: the one has no worker, the other no address', () => {
      expect(cluster.api).toMatchObject({
        url: expect.stringContaining('http://'),
        report: { worker: null },
      });
      expect(cluster.worker).toMatchObject({ url: null, report: { worker: { concurrency: 64 } } });
    });

    test('stream an answer while it is made, with each character once, also to who comes late', async () => {
      const { promise: half, resolve: goOn } = Promise.withResolvers<void>();
      cluster.emulator.script(pauseAfter(40, text(words), half));
      const { id, reader } = await cluster.run('Speak');
      await reader.shows('wörd20·');
      const late = new StrictReader(cluster.client, id);
      await late.shows('wörd20·');
      goOn();
      for (const each of await Promise.all([reader.done, late.done])) {
        expect(each).toMatchObject({ text: words, faults: [], resets: 0 });
        expect(each.kinds.at(-1)).toBe('run-succeeded');
      }
    });

    test('stop a run at once when it is cancelled', async () => {
      cluster.emulator.script(hangAfter(3, text(words)));
      const { id, reader } = await cluster.run('Speak');
      await reader.shows('wörd1·');
      await cluster.client.runs.cancel(id, 'Enough.');
      expect((await reader.done).kinds.at(-1)).toBe('run-cancelled');
      expect(reader).toMatchObject({ text: '', faults: [] });
      await cluster.emulator.aborted(1);
    });

    test('steer a run that is under way', async () => {
      const { promise: half, resolve: goOn } = Promise.withResolvers<void>();
      cluster.emulator.script([pauseAfter(2, text('It is red.'), half), text('It is blue.')]);
      const { id, reader } = await cluster.run('Which colour?');
      await reader.shows('It is');
      await cluster.client.runs.addMessage(id, 'Look again.');
      goOn();
      await reader.done;
      expect([...reader.texts.values()]).toEqual(['It is red.', 'It is blue.']);
      expect(reader.faults).toEqual([]);
      expect(cluster.emulator.requests[1]?.messages.at(-1)).toMatchObject({
        role: 'user',
        text: 'Look again.',
      });
    });

    test('answer a question of a run that waits', async () => {
      const question = toolCalls([{ name: 'ask_user', arguments: { question: 'Which one?' } }]);
      cluster.emulator.script([question, text('The left one.')]);
      const { id, reader } = await cluster.run('Take one');
      await reader.hears('run-suspended');
      await cluster.client.runs.addMessage(id, 'The left one');
      expect(await reader.done).toMatchObject({ text: 'The left one.', faults: [] });
      expect(cluster.emulator.requests[1]?.messages.at(-1)?.toolResults).toMatchObject([
        { text: 'The left one' },
      ]);
    });

    test('execute a call that a person has approved', async () => {
      cluster.emulator.script([
        toolCalls([{ name: 'calculator', arguments: { expression: '6 * 7' } }]),
        text('42.'),
      ]);
      const { id, reader } = await cluster.run('6 * 7?');
      await reader.hears('run-suspended');
      const { items } = await cluster.client.approvals.list({ pending: true });
      const approval = items.find(({ run_id }) => run_id === id);
      await cluster.client.approvals.decide(approval?.id ?? '', { decision: 'approve' });
      expect(await reader.done).toMatchObject({ text: '42.', faults: [] });
      expect(cluster.emulator.requests[1]?.messages.at(-1)?.toolResults).toMatchObject([{ text: '42' }]);
    });

    test('go on with a run whose worker stops in the middle of an answer', async () => {
      cluster.emulator.script(({ index }) => (index === 0 ? hangAfter(30, text(words)) : text(words)));
      const { reader } = await cluster.run('Speak');
      await reader.shows('wörd10·');
      const successor = await cluster.start('worker');
      await cluster.worker.stop();
      cluster.worker = successor;
      expect(await reader.done).toMatchObject({ text: words, faults: [], resets: 1 });
      const recovered = reader.events.find(({ kind }) => kind === 'run-recovered');
      expect(recovered?.data).toMatchObject({ cause: 'lease-returned' });
      expect(reader.kinds.filter((kind) => kind === 'model-call-settled')).toHaveLength(1);
    });

    test('let a client go on at another API process when its own one stops', async () => {
      const { promise: half, resolve: goOn } = Promise.withResolvers<void>();
      cluster.emulator.script(pauseAfter(40, text(words), half));
      const [first, second] = await Promise.all([cluster.start('api'), cluster.start('api')]);
      let current = first;
      const balance: typeof fetch = (input, init) => {
        const { pathname, search } = new URL(input instanceof Request ? input.url : input);
        return fetch(`${current.url}${pathname}${search}`, init);
      };
      const client = new BatutaClient({ baseUrl: first.url ?? '', key: administratorKey, fetch: balance });
      const { id } = await client.runs.create({ agent: 'clerk', input: 'Speak' });
      const reader = new StrictReader(client, id);
      await reader.shows('wörd20·');
      current = second;
      await first.stop();
      goOn();
      expect(await reader.done).toMatchObject({ text: words, faults: [], resets: 0 });
      expect(await clientOf(second).runs.get(id)).toMatchObject({ status: 'succeeded' });
    });
  });
}
