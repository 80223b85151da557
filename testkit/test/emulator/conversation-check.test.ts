import { describe, expect, test } from 'vitest';

import { startEmulator } from '../../src/emulator/emulator.ts';
import { text } from '../../src/emulator/reply-builders.ts';
import { post } from './raw-client.ts';
import { runningEmulator } from './running-emulator.ts';

const running = runningEmulator();

async function send(
  path: string,
  body: object,
  url = running().url,
): Promise<{ status: number; body: string }> {
  running().script(text('Fine.'));
  const answer = await post(url + path, { model: 'm', ...body }).answer;
  return { status: answer.status, body: answer.body.toString() };
}

const chatCall = (id: string): object => ({
  id,
  type: 'function',
  function: { name: 'add', arguments: '{}' },
});

const chat = {
  calls: { role: 'assistant', tool_calls: [chatCall('c1'), chatCall('c2')] },
  first: { role: 'tool', tool_call_id: 'c1', content: '1' },
  second: { role: 'tool', tool_call_id: 'c2', content: '2' },
  user: { role: 'user', content: 'Go' },
};

describe('a history that Chat Completions refuses', () => {
  test.for([
    ['a call without its result', [chat.user, chat.calls, chat.first], 'did not have response messages: c2'],
    ['a user between call and result', [chat.calls, chat.user, chat.first, chat.second], 'c1, c2'],
    ['a result without a call', [chat.user, chat.first], "messages with role 'tool' must be a response"],
  ] as const)('%s', async ([, messages, words]) => {
    const answer = await send('/v1/chat/completions', { messages });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(words);
  });

  test('is taken when it is complete', async () => {
    const messages = [chat.user, chat.calls, chat.second, chat.first, chat.user];
    expect((await send('/v1/chat/completions', { messages })).status).toBe(200);
  });

  test('is taken by an emulator that is not strict', async () => {
    await using lenient = await startEmulator({ strict: false });
    lenient.script(text('Fine.'));
    const answer = await send('/v1/chat/completions', { messages: [chat.first] }, lenient.url);
    expect(answer.status).toBe(200);
  });
});

describe('a history that Messages refuses', () => {
  const use = { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'add', input: {} }] };
  const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: '3' }] };

  test('a call without its result', async () => {
    const answer = await send('/v1/messages', { messages: [use, { role: 'user', content: 'And?' }] });
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('immediately after: t1') });
  });

  test('a result without a call', async () => {
    const answer = await send('/v1/messages', { messages: [{ role: 'user', content: 'And?' }, result] });
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('unexpected `tool_use_id`') });
  });

  test('is taken when it is complete, also with words of the user after the result', async () => {
    const both = { role: 'user', content: [...result.content, { type: 'text', text: 'And now?' }] };
    expect((await send('/v1/messages', { messages: [use, both] })).status).toBe(200);
    expect(running().requests[0]?.lastUserText).toBe('And now?');
  });
});

describe('a history that Responses refuses', () => {
  const call = { type: 'function_call', call_id: 'c1', name: 'add', arguments: '{}' };
  const output = { type: 'function_call_output', call_id: 'c1', output: '3' };
  const user = { role: 'user', content: 'Go' };

  test.for([
    ['a call without its output', [call], 'No tool output found for function call c1.'],
    ['an output without a call', [output], 'No tool call found for function call output with call_id c1.'],
  ] as const)('%s', async ([, input, words]) => {
    const answer = await send('/v1/responses', { input });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(words);
  });

  test('is taken with words in between, and with an output for what the provider remembers', async () => {
    expect((await send('/v1/responses', { input: [call, user, output] })).status).toBe(200);
    const later = { input: [output], previous_response_id: 'resp_1' };
    expect((await send('/v1/responses', later)).status).toBe(200);
  });
});

test('Gemini wants as many responses as calls', async () => {
  const contents = [{ role: 'model', parts: [{ functionCall: { name: 'add', args: {} } }] }];
  const path = '/v1beta/models/m:generateContent';
  const answer = await send(path, { contents });
  expect(answer.status).toBe(400);
  expect(answer.body).toContain('number of function response parts');
  const given = { role: 'user', parts: [{ functionResponse: { name: 'add', response: { result: 3 } } }] };
  expect((await send(path, { contents: [...contents, given] })).status).toBe(200);
});
