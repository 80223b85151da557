import OpenAI, {
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from 'openai';
import { describe, expect, test } from 'vitest';

import { failAfter, failure, text, toolCalls } from '../../src/emulator/reply-builders.ts';
import { collect, runningEmulator } from './running-emulator.ts';

const running = runningEmulator();

const ask = { model: 'gpt-test', messages: [{ role: 'user' as const, content: 'Add 1 and 2.' }] };

const usage = {
  inputTokens: 100,
  cachedInputTokens: 60,
  cacheWriteTokens: 10,
  outputTokens: 30,
  reasoningTokens: 12,
};

const counted = {
  prompt_tokens: 100,
  completion_tokens: 30,
  total_tokens: 130,
  prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
  completion_tokens_details: { reasoning_tokens: 12 },
};

const firstCall = { id: 'c1', type: 'function' as const, function: { name: 'add', arguments: '{"a":1}' } };

/** A conversation with everything that a request can carry. */
const conversation: OpenAI.Chat.ChatCompletionCreateParamsNonStreaming = {
  model: 'gpt-test',
  tools: [
    { type: 'function', function: { name: 'add', description: 'Adds.', parameters: { type: 'object' } } },
  ],
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'Add 1 and 2.' }] },
    { role: 'assistant', tool_calls: [firstCall, { ...firstCall, id: 'c2' }] },
    { role: 'tool', tool_call_id: 'c1', content: '3' },
    { role: 'tool', tool_call_id: 'c2', content: '4' },
  ],
};

const understood = [
  { role: 'user', text: 'Add 1 and 2.' },
  { role: 'assistant', toolCalls: [{ id: 'c1', name: 'add', arguments: '{"a":1}' }, { id: 'c2' }] },
  {
    role: 'tool',
    toolResults: [
      { callId: 'c1', text: '3' },
      { callId: 'c2', text: '4' },
    ],
  },
];

function client(maxRetries = 0): OpenAI {
  return new OpenAI({ apiKey: 'key-1', baseURL: running().addresses.openai, maxRetries });
}

describe('the official OpenAI client, Chat Completions', () => {
  test('reads a text that is not streamed, with usage', async () => {
    running().script(text('Hello, world.', { usage }));
    const completion = await client().chat.completions.create(ask);
    expect(completion).toMatchObject({
      model: 'gpt-test',
      choices: [{ message: { content: 'Hello, world.' }, finish_reason: 'stop' }],
      usage: counted,
    });
  });

  test('assembles a streamed text, one chunk a token', async () => {
    running().script(text('Hello, dear world.'));
    const chunks = await collect(await client().chat.completions.create({ ...ask, stream: true }));
    const deltas = chunks.flatMap((chunk) => chunk.choices.map((choice) => choice.delta.content));
    expect(deltas.filter(Boolean)).toEqual(['Hello, ', 'dear ', 'world.']);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.every((chunk) => chunk.usage === undefined)).toBe(true);
  });

  test('gets usage in the stream when it asks for it, and only then', async () => {
    running().script(text('Hello.', { usage }));
    const stream = client().chat.completions.stream({ ...ask, stream_options: { include_usage: true } });
    expect(await stream.totalUsage()).toMatchObject({
      prompt_tokens: 100,
      completion_tokens: 30,
      total_tokens: 130,
    });
    const last = (await stream.finalChatCompletion()).usage;
    expect(last).toMatchObject(counted);
  });

  test.for([true, false])('reads parallel tool calls (streamed: %s)', async (streamed) => {
    running().script(
      toolCalls([
        { name: 'add', arguments: { a: 1, b: 2 } },
        { name: 'subtract', arguments: { a: 3, b: 'four, with a longer text' } },
      ]),
    );
    const { completions } = client().chat;
    const completion = await (streamed
      ? completions.stream(ask).finalChatCompletion()
      : completions.create(ask));
    const [choice] = completion.choices;
    expect(choice?.finish_reason).toBe('tool_calls');
    expect(choice?.message.tool_calls).toMatchObject([
      { type: 'function', function: { name: 'add', arguments: '{"a":1,"b":2}' } },
      {
        type: 'function',
        function: { name: 'subtract', arguments: '{"a":3,"b":"four, with a longer text"}' },
      },
    ]);
    expect(new Set(choice?.message.tool_calls?.map((call) => call.id)).size).toBe(2);
  });

  test('gets malformed arguments as they were scripted, in pieces', async () => {
    running().script(toolCalls([{ name: 'add', arguments: '{"a": 1, "b":' }], { argumentPieces: 3 }));
    const chunks = await collect(await client().chat.completions.create({ ...ask, stream: true }));
    const pieces = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
    expect(pieces.map((piece) => piece.function?.arguments)).toEqual(['', '{"a"', ': 1,', ' "b":']);
  });

  test.for([
    [400, BadRequestError, null],
    [401, AuthenticationError, 'invalid_api_key'],
    [403, PermissionDeniedError, 'insufficient_permissions'],
    [404, NotFoundError, 'model_not_found'],
    [429, RateLimitError, 'rate_limit_exceeded'],
    [500, InternalServerError, null],
    [503, InternalServerError, 'service_unavailable'],
  ] as const)('throws its own class for status %i', async ([status, errorClass, code]) => {
    running().script(failure(status, { retryAfterSeconds: 7 }));
    const error: unknown = await client()
      .chat.completions.create(ask)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ status, code });
    expect((error as APIError).headers?.get('retry-after')).toBe('7');
  });

  test('tries again after a refusal, as retry-after says', async () => {
    running().script([failure(429, { retryAfterSeconds: 0 }), text('Now.')]);
    const completion = await client(1).chat.completions.create(ask);
    expect(completion.choices[0]?.message.content).toBe('Now.');
    expect(running().counts.received).toBe(2);
  });

  test('throws on an error in the middle of the stream', async () => {
    running().script(failAfter(2, text('One two three.'), failure(500, { message: 'It broke.' })));
    const stream = await client().chat.completions.create({ ...ask, stream: true });
    await expect(collect(stream)).rejects.toThrow('It broke.');
  });

  test('is understood: system, messages, calls, results and tools are read from its request', async () => {
    running().script(text('Done.'));
    await client().chat.completions.create(conversation);
    const [request] = running().requests;
    expect(request).toMatchObject({ wire: 'openai-chat', system: 'Be brief.', toolResultCount: 2 });
    expect(request?.tools).toEqual([{ name: 'add', description: 'Adds.', parameters: { type: 'object' } }]);
    expect(request?.messages).toMatchObject(understood);
  });
});
