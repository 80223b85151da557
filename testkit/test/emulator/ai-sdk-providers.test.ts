import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import { createOllama } from 'ollama-ai-provider-v2';
import { describe, expect, test, vi } from 'vitest';

import {
  failAfter,
  failure,
  inOrder,
  reasoning,
  text,
  toolCalls,
} from '../../src/emulator/reply-builders.ts';
import { collect, runningEmulator } from './running-emulator.ts';

const running = runningEmulator();

const usage = {
  inputTokens: 100,
  cachedInputTokens: 60,
  cacheWriteTokens: 10,
  outputTokens: 30,
  reasoningTokens: 12,
};

interface ProviderCase {
  name: string;
  model: (id: string) => LanguageModelV4;
  /** The kinds of tokens that this wire can report. */
  reports: { cached: boolean; cacheWrite: boolean; reasoning: boolean };
  /** Whether the provider passes reasoning on. */
  reasons: boolean;
  /** Whether the provider tells its caller of an error event, instead of dropping it and ending without a reason. */
  tellsErrors: boolean;
}

const providers: ProviderCase[] = [
  {
    name: 'anthropic',
    model: (id) => createAnthropic({ apiKey: 'k', baseURL: `${running().addresses.anthropic}/v1` })(id),
    reports: { cached: true, cacheWrite: true, reasoning: true },
    reasons: true,
    tellsErrors: true,
  },
  {
    name: 'openai responses',
    model: (id) => createOpenAI({ apiKey: 'k', baseURL: running().addresses.openai }).responses(id),
    reports: { cached: true, cacheWrite: true, reasoning: true },
    reasons: true,
    tellsErrors: true,
  },
  {
    name: 'openai chat',
    model: (id) => createOpenAI({ apiKey: 'k', baseURL: running().addresses.openai }).chat(id),
    reports: { cached: true, cacheWrite: true, reasoning: true },
    reasons: false,
    tellsErrors: true,
  },
  {
    name: 'openai-compatible',
    model: (id) =>
      createOpenAICompatible({
        name: 'acme',
        apiKey: 'k',
        baseURL: running().addresses.openai,
        includeUsage: true,
      })(id),
    reports: { cached: true, cacheWrite: false, reasoning: true },
    reasons: true,
    tellsErrors: true,
  },
  {
    name: 'google',
    model: (id) => createGoogle({ apiKey: 'k', baseURL: running().addresses.google })(id),
    reports: { cached: true, cacheWrite: false, reasoning: true },
    reasons: true,
    tellsErrors: true,
  },
  {
    name: 'ollama',
    model: (id) => createOllama({ baseURL: running().addresses.ollama })(id),
    reports: { cached: false, cacheWrite: false, reasoning: false },
    reasons: true,
    tellsErrors: false,
  },
];

const options: LanguageModelV4CallOptions = {
  prompt: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'Add 1 and 2.' }] },
  ],
  tools: [
    { type: 'function', name: 'add', description: 'Adds.', inputSchema: { type: 'object', properties: {} } },
  ],
};

async function stream(model: LanguageModelV4, call = options): Promise<LanguageModelV4StreamPart[]> {
  return collect((await model.doStream(call)).stream);
}

function ofType<T extends LanguageModelV4StreamPart['type']>(parts: LanguageModelV4StreamPart[], type: T) {
  return parts.filter((part): part is Extract<LanguageModelV4StreamPart, { type: T }> => part.type === type);
}

describe.each(providers)('the AI SDK provider $name', ({ model, reports }) => {
  test('streams a text with usage in the right places', async () => {
    running().script(text('Hello, dear world.', { usage }));
    const parts = await stream(model('test-model'));
    const deltas = ofType(parts, 'text-delta').map((part) => part.delta);
    expect(deltas.filter(Boolean)).toEqual(['Hello, ', 'dear ', 'world.']);
    const [finish] = ofType(parts, 'finish');
    expect(finish?.finishReason.unified).toBe('stop');
    expect(finish?.usage).toMatchObject({
      inputTokens: {
        total: 100,
        ...(reports.cached && { cacheRead: 60 }),
        ...(reports.cacheWrite && { cacheWrite: 10 }),
      },
      outputTokens: { total: 30, ...(reports.reasoning && { reasoning: 12 }) },
    });
  });

  test('streams parallel tool calls with their arguments', async () => {
    const calls = [
      { name: 'add', arguments: { a: 1, b: 2 } },
      { name: 'add', arguments: { a: 3, b: 'four, with a longer text' } },
    ];
    running().script(toolCalls(calls));
    const parts = await stream(model('test-model'));
    const seen = ofType(parts, 'tool-call');
    expect(seen.map((call) => [call.toolName, JSON.parse(call.input)])).toEqual(
      calls.map((call) => [call.name, call.arguments]),
    );
    expect(new Set(seen.map((call) => call.toolCallId)).size).toBe(2);
    expect(ofType(parts, 'finish')[0]?.finishReason.unified).toBe('tool-calls');
  });

  test('answers without a stream too', async () => {
    running().script(inOrder(text('Adding.'), toolCalls([{ name: 'add', arguments: { a: 1 } }], { usage })));
    const result = await model('test-model').doGenerate(options);
    expect(result.content).toMatchObject([
      { type: 'text', text: 'Adding.' },
      { type: 'tool-call', toolName: 'add', input: '{"a":1}' },
    ]);
    expect(result.usage).toMatchObject({ inputTokens: { total: 100 }, outputTokens: { total: 30 } });
  });

  test('gives back results so that the emulator counts them', async () => {
    const toolMessages: LanguageModelV4CallOptions['prompt'] = [
      {
        role: 'assistant',
        content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'add', input: { a: 1 } }],
      },
      {
        role: 'tool',
        content: [
          { type: 'tool-result', toolCallId: 'c1', toolName: 'add', output: { type: 'text', value: '3' } },
        ],
      },
    ];
    const parts = await stream(model('tools-1'), {
      ...options,
      prompt: [...options.prompt, ...toolMessages],
    });
    expect(ofType(parts, 'tool-call')).toEqual([]);
    expect(ofType(parts, 'text-delta').filter((part) => part.delta !== '')).toHaveLength(200);
    const [request] = running().requests;
    expect(request?.system).toBe('Be brief.');
    expect(request?.tools).toMatchObject([{ name: 'add', description: 'Adds.' }]);
    expect(request?.messages.at(-1)?.toolResults).toMatchObject([{ callId: 'c1', text: '3' }]);
  });

  test('reports a refusal with its status and retry-after', async () => {
    running().script(failure(429, { retryAfterSeconds: 7 }));
    const error: unknown = await stream(model('test-model')).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ statusCode: 429, responseHeaders: { 'retry-after': '7' } });
  });
});

test.for(providers.filter(({ reasons }) => reasons))(
  'the AI SDK provider $name streams reasoning before the text',
  async ({ model }) => {
    running().script(inOrder(reasoning('Let me think.'), text('Three.')));
    const parts = await stream(model('test-model'));
    expect(joined(ofType(parts, 'reasoning-delta'))).toBe('Let me think.');
    expect(joined(ofType(parts, 'text-delta'))).toBe('Three.');
  },
);

test.for(providers)(
  'the AI SDK provider $name ends without success at an error event in the stream',
  async ({ model, tellsErrors }) => {
    vi.spyOn(console, 'warn').mockReturnValue();
    running().script(failAfter(2, text('One two three.'), failure(529)));
    const parts = await stream(model('test-model'));
    expect(ofType(parts, 'error')).toHaveLength(tellsErrors ? 1 : 0);
    expect(joined(ofType(parts, 'text-delta'))).toBe('One two ');
    expect(ofType(parts, 'finish')[0]?.finishReason.unified).not.toBe('stop');
  },
);

function joined(deltas: { delta: string }[]): string {
  return deltas.map((part) => part.delta).join('');
}
