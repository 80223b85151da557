import OpenAI from 'openai';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEmulator, type Emulator } from '../../src/emulator/emulator.ts';

let emulator: Emulator;
let client: OpenAI;
beforeAll(async () => {
  emulator = await startEmulator();
  client = new OpenAI({ baseURL: emulator.addresses.openai, apiKey: 'sk-test', maxRetries: 0 });
});
afterAll(() => emulator.stop());

async function embed(...input: string[]): Promise<number[][]> {
  const answer = await client.embeddings.create({ model: 'text-embedding-3-small', input });
  return answer.data.map(({ embedding }) => embedding);
}

function cosine(left: readonly number[] = [], right: readonly number[] = []): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}

it('the official client gets one embedding for each text, of length 1 and the same every time', async () => {
  const [first, second] = await embed('How do I pay?', 'Where is my order?');
  expect(cosine(first, first)).toBeCloseTo(1, 5);
  expect(second).toHaveLength(first?.length ?? 0);
  expect(await embed('How do I pay?')).toEqual([first]);
  expect(emulator.embedded).toEqual(['How do I pay?', 'Where is my order?', 'How do I pay?']);
});

it('texts with the same words are nearer to each other than others', async () => {
  const [asked, alike, other] = await embed(
    'How do I pay my bill?',
    'how do I pay the bill',
    'Berlin weather',
  );
  expect(cosine(asked, alike)).toBeGreaterThan(cosine(asked, other) + 0.3);
});

it('the encoding is as asked for', async () => {
  const plain = { model: 'm', input: 'Hi', encoding_format: 'float' } as const;
  const answer = await client.embeddings.create(plain);
  expect(answer.data[0]?.embedding[0]).toBeTypeOf('number');
  expect(answer.usage.total_tokens).toBe(1);
});
