import Anthropic, {
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';

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

const ask = {
  model: 'claude-test',
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content: 'Add 1 and 2.' }],
};

const usage = {
  inputTokens: 100,
  cachedInputTokens: 60,
  cacheWriteTokens: 10,
  outputTokens: 30,
  reasoningTokens: 12,
};

const counted = {
  input_tokens: 30,
  cache_read_input_tokens: 60,
  cache_creation_input_tokens: 10,
  output_tokens: 30,
};

/** A conversation with everything that a request can carry. */
const conversation: Anthropic.MessageCreateParamsNonStreaming = {
  ...ask,
  system: 'Be brief.',
  tools: [{ name: 'add', description: 'Adds.', input_schema: { type: 'object' } }],
  messages: [
    ...ask.messages,
    { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'add', input: { a: 1 } }] },
    {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: 't1', content: 'bad', is_error: true }],
    },
  ],
};

const understood = [
  { role: 'user', text: 'Add 1 and 2.' },
  { role: 'assistant', toolCalls: [{ id: 't1', name: 'add', arguments: '{"a":1}' }] },
  { role: 'tool', toolResults: [{ callId: 't1', text: 'bad', isError: true }] },
];

function client(): Anthropic {
  return new Anthropic({ apiKey: 'key-1', baseURL: running().addresses.anthropic, maxRetries: 0 });
}

describe('the official Anthropic client', () => {
  test('reads a text that is not streamed, with usage', async () => {
    running().script(text('Hello, world.', { usage }));
    const message = await client().messages.create(ask);
    expect(message.content).toEqual([{ type: 'text', text: 'Hello, world.' }]);
    expect(message).toMatchObject({ model: 'claude-test', stop_reason: 'end_turn', usage: counted });
    expect(message.usage.output_tokens_details?.thinking_tokens).toBe(12);
  });

  test('assembles a streamed text, one delta a token, with usage', async () => {
    running().script(text('Hello, dear world.', { usage }));
    const stream = client().messages.stream(ask);
    const deltas: string[] = [];
    stream.on('text', (delta) => deltas.push(delta));
    const message = await stream.finalMessage();
    expect(deltas).toEqual(['Hello, ', 'dear ', 'world.']);
    expect(message).toMatchObject({ stop_reason: 'end_turn', usage: counted });
  });

  test.for([true, false])('reads reasoning and parallel tool calls (streamed: %s)', async (streamed) => {
    const calls = [
      { name: 'add', arguments: { a: 1, b: 2 } },
      { name: 'add', arguments: { a: 3, b: 'four, with a longer text' } },
    ];
    running().script(inOrder(reasoning('Two sums.'), text('Let me add.'), toolCalls(calls)));
    const { messages } = client();
    const message = await (streamed ? messages.stream(ask).finalMessage() : messages.create(ask));
    expect(message.stop_reason).toBe('tool_use');
    expect(message.content).toMatchObject([
      { type: 'thinking', thinking: 'Two sums.', signature: expect.stringMatching(/./) },
      { type: 'text', text: 'Let me add.' },
      { type: 'tool_use', name: 'add', input: { a: 1, b: 2 } },
      { type: 'tool_use', name: 'add', input: { a: 3, b: 'four, with a longer text' } },
    ]);
    const ids = message.content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
    expect(new Set(ids).size).toBe(2);
  });

  test('gets the arguments of a tool call in pieces', async () => {
    running().script(toolCalls([{ name: 'add', arguments: '{"a":1,"b":2}' }], { argumentPieces: 4 }));
    const events = await collect(await client().messages.create({ ...ask, stream: true }));
    const pieces = events.flatMap((event) =>
      event.type === 'content_block_delta' && event.delta.type === 'input_json_delta'
        ? [event.delta.partial_json]
        : [],
    );
    expect(pieces).toEqual(['{"a', '":1', ',"b', '":2}']);
  });

  test.for([
    [400, BadRequestError, 'invalid_request_error'],
    [401, AuthenticationError, 'authentication_error'],
    [403, PermissionDeniedError, 'permission_error'],
    [404, NotFoundError, 'not_found_error'],
    [429, RateLimitError, 'rate_limit_error'],
    [500, InternalServerError, 'api_error'],
    [529, InternalServerError, 'overloaded_error'],
  ] as const)('throws its own class for status %i', async ([status, errorClass, type]) => {
    running().script(failure(status, { retryAfterSeconds: 7 }));
    const error: unknown = await client()
      .messages.create(ask)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ status, error: { type: 'error', error: { type } } });
    expect((error as APIError).headers?.get('retry-after')).toBe('7');
  });

  test('tries again after a refusal, as retry-after says', async () => {
    running().script([failure(529, { retryAfterSeconds: 0 }), text('Now.')]);
    const patient = new Anthropic({ apiKey: 'k', baseURL: running().addresses.anthropic, maxRetries: 1 });
    const message = await patient.messages.create(ask);
    expect(message.content).toMatchObject([{ text: 'Now.' }]);
    expect(running().counts.received).toBe(2);
  });

  test('throws on an error event in the middle of the stream, after the text before it', async () => {
    running().script(failAfter(2, text('One two three.'), failure(529)));
    const stream = client().messages.stream(ask);
    const deltas: string[] = [];
    stream.on('text', (delta) => deltas.push(delta));
    await expect(stream.finalMessage()).rejects.toThrow(/overloaded_error/);
    expect(deltas).toEqual(['One ', 'two ']);
  });

  test('is understood: system, messages, calls, results and tools are read from its request', async () => {
    running().script(text('Done.'));
    await client().messages.create(conversation);
    const [request] = running().requests;
    expect(request).toMatchObject({
      wire: 'anthropic',
      model: 'claude-test',
      stream: false,
      system: 'Be brief.',
    });
    expect(request?.headers.authorization).toBe('Bearer key-1');
    expect(request?.tools).toEqual([{ name: 'add', description: 'Adds.', parameters: { type: 'object' } }]);
    expect(request?.messages).toMatchObject(understood);
  });
});
