import { describe, expect, it } from 'vitest';
import { cacheKey, comparableQuestion } from '../../src/domain/economy/cache-key.ts';
import { agreeInFacts, normalised, similarity } from '../../src/domain/economy/same-question.ts';
import type { ModelMessage, ModelRequest } from '../../src/port/model.ts';

describe('questions that embeddings find alike', () => {
  it.each([
    ['How do I reset my password?', 'how can I reset my password', true],
    ['What does plan B cost?', 'What does plan B cost', true],
    ['What does it cost for 10 users?', 'What does it cost for 100 users?', false],
    ['What is the capital of France?', 'What is the capital of Spain?', false],
    ['Can I cancel my order?', 'Can I not cancel my order?', false],
    ['¿Puedo cancelar el pedido?', '¿No puedo cancelar el pedido?', false],
    ['Posso pagar com cartão?', 'Posso pagar sem cartão?', false],
    ['Is "draft" a state?', 'Is "final" a state?', false],
    ['Explain order A-17.', 'Explain order A-18.', false],
    ['May I send it to ana@example.org?', 'May I send it to eva@example.org?', false],
  ])('%s / %s', (left, right, same) => {
    expect(agreeInFacts(left, right)).toBe(same);
    expect(agreeInFacts(right, left)).toBe(same);
  });
});

it('likeness is the cosine of directions of the same length of vector', () => {
  expect(similarity(normalised([3, 4]), normalised([6, 8]))).toBeCloseTo(1);
  expect(similarity(normalised([1, 0]), normalised([0, 2]))).toBe(0);
  expect(similarity([1], [1, 0])).toBe(0);
  expect(normalised([0, 0])).toEqual([0, 0]);
});

describe('the key of a question', () => {
  const partition = { definitionHash: 'd', models: ['a/b'], owner: 'usr_1' };
  const user = (text: string): ModelMessage => ({ role: 'user', parts: [{ type: 'text', text }] });
  const request = (...messages: ModelMessage[]): ModelRequest => ({
    instructions: 'Help.',
    messages,
    tools: [],
    settings: {},
  });
  const tool = { name: 't', description: 'T.', inputSchema: {} };

  it('is the same for the same, and different for anything else', () => {
    const key = cacheKey(request(user('a')), partition);
    expect(cacheKey(request(user('a')), { ...partition })).toEqual(key);
    const others = [
      cacheKey(request(user('b')), partition),
      cacheKey(request(user('a'), user('a')), partition),
      cacheKey({ ...request(user('a')), settings: { temperature: 1 } }, partition),
      cacheKey({ ...request(user('a')), tools: [tool] }, partition),
      cacheKey(request(user('a')), { ...partition, definitionHash: 'e' }),
      cacheKey(request(user('a')), { ...partition, models: ['a/c'] }),
      cacheKey(request(user('a')), { ...partition, owner: 'usr_2' }),
    ];
    for (const other of others) expect(other).not.toEqual(key);
  });

  it('there is none once a tool was called', () => {
    const result = { callId: 'c', tool: 't', isError: false, content: '1' };
    expect(cacheKey(request(user('a'), { role: 'tool', results: [result] }), partition)).toBeUndefined();
  });

  it('files count by their bytes', () => {
    const file = (byte: number): ModelMessage => ({
      role: 'user',
      parts: [{ type: 'file', mediaType: 'image/png', data: new Uint8Array([byte]) }],
    });
    expect(cacheKey(request(file(1)), partition)).toEqual(cacheKey(request(file(1)), partition));
    expect(cacheKey(request(file(1)), partition)).not.toEqual(cacheKey(request(file(2)), partition));
  });

  it('only the first question of a conversation is compared by its meaning', () => {
    expect(comparableQuestion(request(user(' a ')))).toBe('a');
    expect(comparableQuestion(request(user('a'), user('b')))).toBeUndefined();
    expect(comparableQuestion(request(user('x'.repeat(2_001))))).toBeUndefined();
    expect(comparableQuestion(request())).toBeUndefined();
  });
});
