import { describe, expect, it } from 'vitest';
import { createExtractiveModel } from '../../src/adapter/model-offline/extractive-model.ts';
import { detectLanguage } from '../../src/adapter/model-offline/language.ts';
import type { ModelAnswer, ModelMessage, ModelRequest } from '../../src/port/model.ts';
import { offlineRequest } from './offline-tools.ts';

const model = createExtractiveModel(32_768);

async function ask(request: ModelRequest): Promise<{ answer: ModelAnswer; streamed: string[] }> {
  const streamed: string[] = [];
  const sink = { text: (delta: string) => void streamed.push(delta) };
  return { answer: await model.call(request, sink, new AbortController().signal), streamed };
}

async function callsFor(question: string): Promise<[string, unknown][]> {
  const { answer } = await ask(offlineRequest(question));
  return answer.parts.flatMap((part): [string, unknown][] =>
    part.type === 'tool-call' ? [[part.tool, JSON.parse(part.arguments)]] : [],
  );
}

/** The answer after the tools that it asked for returned `content`. */
async function answerAfter(question: string, content: string, isError = false): Promise<string> {
  const request = offlineRequest(question);
  const { answer } = await ask(request);
  const results = answer.parts.flatMap((part) =>
    part.type === 'tool-call' ? [{ callId: part.call_id, tool: part.tool, isError, content }] : [],
  );
  const messages: ModelMessage[] = [
    ...request.messages,
    { role: 'assistant', parts: answer.parts },
    { role: 'tool', results },
  ];
  return textOf((await ask({ ...request, messages })).answer);
}

function textOf(answer: ModelAnswer): string {
  return answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

describe('choosing tools', () => {
  it.each([
    ['What is 12% of 340?', 'calculator', { expression: '12 / 100 * 340' }],
    ['¿Cuánto es 3,5 por 4?', 'calculator', { expression: '3.5 * 4' }],
    ['Quanto é 1.5 mais 2?', 'calculator', { expression: '1.5 + 2' }],
    ['Please compute (1,200 + 50) * 3', 'calculator', { expression: '(1200 + 50) * 3' }],
    ['What is 10-4?', 'calculator', { expression: '10-4' }],
    ['square root of 144', 'calculator', { expression: 'sqrt(144)' }],
    ['What time is it?', 'current_time', {}],
    ['¿Qué hora es en Lima?', 'current_time', { time_zone: 'America/Lima' }],
    ['Que horas são em Lisboa?', 'current_time', { time_zone: 'Europe/Lisbon' }],
    ['what time is it in New York', 'current_time', { time_zone: 'America/New_York' }],
    [
      'Fetch https://example.com/a?b=1 and tell me the title',
      'http_fetch',
      { url: 'https://example.com/a?b=1' },
    ],
    ['Ask researcher who wrote Don Quixote', 'agent_researcher', { task: 'who wrote Don Quixote' }],
    ['Pregúntale a researcher: ¿quién fue Ada?', 'agent_researcher', { task: '¿quién fue Ada?' }],
    ['Pergunte ao agente researcher sobre o Tejo', 'agent_researcher', { task: 'sobre o Tejo' }],
    ['Create a high ticket titled "No coffee"', 'create_ticket', { title: 'No coffee', priority: 'high' }],
    ['delete_ticket 7', 'delete_ticket', { number: 7 }],
    ['use create_ticket {"title": "x", "priority": "low"}', 'create_ticket', { title: 'x', priority: 'low' }],
    ['refund order "A1" cents 5', 'refund', { order: 'A1', cents: 5 }],
    ['Please use shutdown', 'shutdown', {}],
    ['ask me which colour I like', 'ask_user', { question: 'Which colour you like?' }],
    ['Pregúntame: ¿qué color prefiero?', 'ask_user', { question: '¿qué color prefiero?' }],
    ['Pergunte-me qual é a minha cor', 'ask_user', { question: 'Qual é a minha cor?' }],
  ])('%s', async (question, tool, input) => {
    expect(await callsFor(question)).toEqual([[tool, input]]);
  });

  it.each([
    'hello',
    'Delete ticket 7',
    'Create a ticket',
    'Which of the two do you prefer, tea or coffee?',
    'What happened on 2026-11-21?',
    'I live in Lima',
    'Call me at 555-1234',
    'What is the refund of order "A1", cents 5?',
    'Shutdown hours of the office?',
  ])('calls nothing for: %s', async (question) => {
    expect(await callsFor(question)).toEqual([]);
  });

  it('does two things at once', async () => {
    const calls = await callsFor('What is 2 + 3, and what time is it in Tokyo?');
    expect(calls.map(([tool]) => tool).toSorted()).toEqual(['calculator', 'current_time']);
  });

  it('never repeats a call, and gives equal calls of different turns different ids', async () => {
    const first = offlineRequest('What is 2 + 3?');
    const { answer } = await ask(first);
    const results = [{ callId: 'x', tool: 'calculator', isError: false, content: '5' }];
    const done: ModelMessage[] = [
      ...first.messages,
      { role: 'assistant', parts: answer.parts },
      { role: 'tool', results },
    ];
    expect((await ask({ ...first, messages: done })).answer.finishReason).toBe('stop');
    const second = await ask(offlineRequest('What is 2 + 3?', done));
    expect(second.answer.parts[0]).toMatchObject({ tool: 'calculator' });
    expect(second.answer.parts[0]).not.toEqual(answer.parts[0]);
  });
});

describe('answering', () => {
  it.each([
    ['What is 12% of 340?', '40.8', ['calculator returned: 40.8', 'not a language model']],
    [
      '¿Qué hora es en Lima?',
      '10:00 (Lima)',
      ['current_time devolvió: 10:00 (Lima)', 'no es un modelo de lenguaje'],
    ],
    ['Que horas são em Lisboa?', '15:00', ['current_time devolveu: 15:00', 'não é um modelo de linguagem']],
  ])('quotes a short result and says what it is: %s', async (question, content, said) => {
    const text = await answerAfter(question, content);
    for (const words of said) expect(text).toContain(words);
  });

  it('finds the title of a long page', async () => {
    const page = `title: The History of Coffee\n${'Nothing of interest is said here. '.repeat(200)}`;
    const text = await answerAfter('Lee https://example.com y dime el título', page);
    expect(text).toContain('title: The History of Coffee');
    expect(text.length).toBeLessThan(1800);
  });

  it('says that a tool failed', async () => {
    expect(await answerAfter('Fetch https://example.com', 'not found', true)).toContain(
      'http_fetch failed: not found',
    );
  });

  it.each([
    ['hello', 'Hello!'],
    ['¡Hola!', '¡Hola!'],
    ['Olá', 'Olá!'],
  ])('greets and names its tools: %s', async (question, greeting) => {
    const text = textOf((await ask(offlineRequest(question))).answer);
    expect(text).toMatch(new RegExp(`^${greeting} .*calculator`));
  });

  it('quotes the instructions and earlier messages when no tool fits', async () => {
    const before: ModelMessage[] = [
      { role: 'user', parts: [{ type: 'text', text: 'My dog is called Rex.' }] },
    ];
    const instructions = 'Refunds take 14 days. The office opens at nine.';
    const asked = async (question: string) =>
      textOf((await ask(offlineRequest(question, before, instructions))).answer);
    expect(await asked('How long do refunds take?')).toContain(
      'My instructions say about this:\n> Refunds take 14 days.\n\n',
    );
    expect(await asked('How is my dog called?')).toContain('> My dog is called Rex.');
    expect(await asked('Who painted Guernica?')).toContain('I found nothing about this');
  });

  it('does not quote its own answers, nor instructions that only share a word', async () => {
    const first = offlineRequest('Where is the office?');
    const { answer } = await ask(first);
    const before: ModelMessage[] = [...first.messages, { role: 'assistant', parts: answer.parts }];
    const instructions = 'Ask for the colour of the car when a fine is disputed.';
    const question = 'Which tools know my colour and size and age?';
    const text = textOf((await ask(offlineRequest(question, before, instructions))).answer);
    expect(text).toContain('I found nothing about this');
  });

  it('streams word by word exactly what it answers, and always the same', async () => {
    const one = await ask(offlineRequest('hello'));
    const other = await ask(offlineRequest('hello'));
    expect(one.streamed.length).toBeGreaterThan(10);
    expect(one.streamed.join('')).toBe(textOf(one.answer));
    expect(other).toEqual(one);
  });
});

it.each([
  ['What is the weather like?', 'en'],
  ['¿Cuál es el precio de la entrada?', 'es'],
  ['Dime cuanto cuesta el libro', 'es'],
  ['Qual é o preço do ingresso?', 'pt'],
  ['Diga quanto custa o livro, por favor', 'pt'],
  ['42', 'en'],
])('knows the language of %s', (text, language) => {
  expect(detectLanguage(text)).toBe(language);
});
