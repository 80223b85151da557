import {
  garbage,
  hang,
  pauseAfter,
  startEmulator,
  text,
  toolCalls,
  words,
  type Emulator,
} from '@batuta/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  addTool,
  call,
  emulatedProviders,
  providerNames,
  secretKey,
  type FindModel,
} from './emulated-providers.ts';

let emulator: Emulator;
let find: FindModel;

beforeAll(async () => {
  emulator = await startEmulator();
  find = await emulatedProviders(emulator);
});
afterEach(() => emulator.reset());
afterAll(() => emulator.stop());

const tools = [addTool];

describe.each(providerNames)('%s', (provider) => {
  it('streams exactly the text that it answers', async () => {
    emulator.script(text('Olá, “mundo” 🌍 — fim.'));
    const answer = await call(find(provider, 'm'));
    expect(answer.parts).toEqual([{ type: 'text', text: 'Olá, “mundo” 🌍 — fim.' }]);
    expect(answer.streamed).toBe('Olá, “mundo” 🌍 — fim.');
    expect(answer.finishReason).toBe('stop');
  });

  it('gives parallel tool calls with their arguments and different ids', async () => {
    const { parts, finishReason } = await call(find(provider, 'parallel-3'), { tools });
    const calls = parts.filter((part) => part.type === 'tool-call');
    expect(calls.map((part) => [part.tool, JSON.parse(part.arguments)])).toEqual([
      ['add', { a: 0, b: 1 }],
      ['add', { a: 1, b: 2 }],
      ['add', { a: 2, b: 3 }],
    ]);
    expect(new Set(calls.map((part) => part.call_id)).size).toBe(3);
    expect(finishReason).toBe('tool-calls');
  });

  it('sends tool results back under the ids of their calls', async () => {
    const model = find(provider, 'tools-1');
    const { parts } = await call(model, { tools });
    const results = parts.flatMap((part) =>
      part.type === 'tool-call' ? [{ callId: part.call_id, tool: 'add', isError: false, content: '1' }] : [],
    );
    const messages = [
      { role: 'user' as const, parts: [{ type: 'text' as const, text: 'Add.' }] },
      { role: 'assistant' as const, parts },
      { role: 'tool' as const, results },
    ];
    expect((await call(model, { tools, messages })).finishReason).toBe('stop');
    expect(emulator.requests.at(-1)).toMatchObject({ toolResultCount: 1 });
  });

  it('counts tokens in the terms of the contract', async () => {
    const usage = {
      inputTokens: 100,
      cachedInputTokens: 40,
      cacheWriteTokens: 0,
      outputTokens: 30,
      reasoningTokens: 0,
    };
    emulator.script(words(3, { usage }));
    const counted = (await call(find(provider, 'm'))).usage;
    expect(counted).toMatchObject({ input_tokens: 100, output_tokens: 30 });
    // Ollama does not say what it had cached.
    expect(counted.cached_input_tokens).toBe(provider === 'ollama' ? 0 : 40);
  });

  it.each([
    ['error-400', 'request', false],
    ['error-401', 'access', false],
    ['error-403', 'access', false],
    ['error-413', 'context', false],
    ['error-429', 'rate-limited', true],
    ['error-500', 'server', true],
    ['error-529', 'overloaded', true],
    ['broken-3', 'overloaded', true],
    ['cut-900', 'network', true],
    ['drop', 'network', true],
    ['garbage-5', 'malformed', true],
  ])('calls the failure %s by its kind', async (name, kind, retryable) => {
    await expect(call(find(provider, name))).rejects.toMatchObject({ data: { kind, retryable } });
  });

  it('passes on how long the provider asks to wait', async () => {
    await expect(call(find(provider, 'error-429-3'))).rejects.toMatchObject({
      data: { retry_after_ms: 3000, provider_status: 429, model: expect.stringContaining('/error-429-3') },
    });
  });

  it('never takes an answer for whole whose stream holds nothing of it', async () => {
    emulator.script(garbage());
    await expect(call(find(provider, 'm'))).rejects.toMatchObject({ code: 'model-call-failed' });
  });

  it('stops asking when the caller aborts, and rejects with its reason', async () => {
    emulator.script(hang());
    const controller = new AbortController();
    const request = { instructions: '', messages: [], tools: [], settings: {} };
    const messages = [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'Hi' }] }];
    const calling = find(provider, 'm').call(
      { ...request, messages },
      { text: () => undefined },
      controller.signal,
    );
    await emulator.received(1);
    const reason = new DOMException('cancelled', 'AbortError');
    controller.abort(reason);
    await expect(calling).rejects.toBe(reason);
    await emulator.aborted(1);
  });
});

// Google and Ollama send arguments as objects: they cannot be malformed there, and are refused by the provider.
describe.each(['anthropic', 'openai', 'openai-responses', 'openrouter', 'house'] as const)(
  '%s',
  (provider) => {
    it('gives malformed arguments as they were written, never as an empty object', async () => {
      emulator.script(toolCalls([{ name: 'add', arguments: '{"a": 1, "b":' }]));
      const { parts } = await call(find(provider, 'm'), { tools });
      expect(parts).toMatchObject([{ type: 'tool-call', tool: 'add', arguments: '{"a": 1, "b":' }]);
    });
  },
);

it('delivers the first words while the rest is still to come', async () => {
  const { promise: until, resolve } = Promise.withResolvers<void>();
  emulator.script(pauseAfter(2, text('one two three four', { tokens: 4 }), until));
  const seen: string[] = [];
  const request = { instructions: '', messages: [], tools: [], settings: {} };
  const messages = [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'Hi' }] }];
  const sink = {
    text(delta: string) {
      seen.push(delta);
      if (seen.join('').includes('two')) resolve();
    },
  };
  await find('anthropic', 'm').call({ ...request, messages }, sink, AbortSignal.timeout(10_000));
  expect(seen.length).toBeGreaterThan(1);
  expect(seen.join('')).toBe('one two three four');
});

it('shows no key in a reason, whoever quotes it', async () => {
  emulator.script({
    kind: 'failure',
    status: 401,
    message: `Incorrect API key provided: ${secretKey}. Bearer abc.def`,
  });
  for (const provider of providerNames) {
    const error: unknown = await call(find(provider, 'm')).catch((cause: unknown) => cause);
    expect(JSON.stringify(error)).toContain('Incorrect API key provided: ***');
    expect(JSON.stringify(error)).not.toMatch(/0123456789|abc\.def/);
  }
});
