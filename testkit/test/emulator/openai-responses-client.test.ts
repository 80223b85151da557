import OpenAI, { AuthenticationError, BadRequestError, InternalServerError, RateLimitError } from 'openai';
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

const ask = { model: 'gpt-test', input: 'Add 1 and 2.' };

const usage = { inputTokens: 100, cachedInputTokens: 60, outputTokens: 30, reasoningTokens: 12 };

const counted = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 60 },
  output_tokens: 30,
  output_tokens_details: { reasoning_tokens: 12 },
  total_tokens: 130,
};

/** A conversation with everything that a request can carry. */
const conversation: OpenAI.Responses.ResponseCreateParamsNonStreaming = {
  model: 'gpt-test',
  instructions: 'Be brief.',
  tools: [
    {
      type: 'function',
      name: 'add',
      description: 'Adds.',
      parameters: { type: 'object' },
      strict: false,
    },
  ],
  input: [
    { role: 'user', content: [{ type: 'input_text', text: 'Add 1 and 2.' }] },
    { type: 'function_call', call_id: 'c1', name: 'add', arguments: '{"a":1}' },
    { type: 'function_call', call_id: 'c2', name: 'add', arguments: '{"a":2}' },
    { type: 'function_call_output', call_id: 'c1', output: '3' },
    { type: 'function_call_output', call_id: 'c2', output: '4' },
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

describe('the official OpenAI client, Responses', () => {
  test('reads a text that is not streamed, with usage', async () => {
    running().script(text('Hello, world.', { usage }));
    const response = await client().responses.create(ask);
    expect(response).toMatchObject({ status: 'completed', output_text: 'Hello, world.', usage: counted });
  });

  test('assembles a streamed text, one delta a token, with usage', async () => {
    running().script(text('Hello, dear world.', { usage }));
    const stream = client().responses.stream(ask);
    const deltas: string[] = [];
    stream.on('response.output_text.delta', (event) => deltas.push(event.delta));
    const response = await stream.finalResponse();
    expect(deltas).toEqual(['Hello, ', 'dear ', 'world.']);
    expect(response).toMatchObject({
      status: 'completed',
      output_text: 'Hello, dear world.',
      usage: counted,
    });
  });

  test('numbers the events without a gap', async () => {
    running().script(inOrder(reasoning('Hm.'), text('Hello, dear world.')));
    const events = await collect(await client().responses.create({ ...ask, stream: true }));
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    expect(events.at(-1)?.type).toBe('response.completed');
  });

  test.for([true, false])('reads reasoning and parallel tool calls (streamed: %s)', async (streamed) => {
    const calls = [
      { name: 'add', arguments: { a: 1, b: 2 } },
      { name: 'subtract', arguments: { a: 3, b: 'four, with a longer text' } },
    ];
    running().script(inOrder(reasoning('Two sums.'), toolCalls(calls)));
    const { responses } = client();
    const response = await (streamed ? responses.stream(ask).finalResponse() : responses.create(ask));
    expect(response.output).toMatchObject([
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Two sums.' }] },
      { type: 'function_call', name: 'add', arguments: '{"a":1,"b":2}' },
      { type: 'function_call', name: 'subtract', arguments: '{"a":3,"b":"four, with a longer text"}' },
    ]);
    const ids = response.output.flatMap((item) => (item.type === 'function_call' ? [item.call_id] : []));
    expect(new Set(ids).size).toBe(2);
  });

  test('says why an answer is incomplete', async () => {
    running().script(text('Hello,', { finish: 'length' }));
    const response = await client().responses.stream(ask).finalResponse();
    expect(response).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    });
  });

  test.for([
    [400, BadRequestError],
    [401, AuthenticationError],
    [429, RateLimitError],
    [500, InternalServerError],
  ] as const)('throws its own class for status %i', async ([status, errorClass]) => {
    running().script(failure(status));
    const error: unknown = await client()
      .responses.create(ask)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ status });
  });

  test('tries again after a refusal, as retry-after says', async () => {
    running().script([failure(429, { retryAfterSeconds: 0 }), text('Now.')]);
    const response = await client(1).responses.create(ask);
    expect(response.output_text).toBe('Now.');
    expect(running().counts.received).toBe(2);
  });

  test('throws on an error event in the middle of the stream', async () => {
    running().script(failAfter(2, text('One two three.'), failure(500, { message: 'It broke.' })));
    await expect(collect(await client().responses.create({ ...ask, stream: true }))).rejects.toThrow(
      'It broke.',
    );
  });

  test('is understood: instructions, items, calls, results and tools are read from its request', async () => {
    running().script(text('Done.'));
    await client().responses.create(conversation);
    const [request] = running().requests;
    expect(request).toMatchObject({ wire: 'openai-responses', system: 'Be brief.', toolResultCount: 2 });
    expect(request?.tools).toEqual([{ name: 'add', description: 'Adds.', parameters: { type: 'object' } }]);
    expect(request?.messages).toMatchObject(understood);
  });
});
