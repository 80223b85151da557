import { inOrder, reasoning, startEmulator, text, toolCalls, type Emulator } from '@batuta/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ModelMessage } from '../../src/port/model.ts';
import { addTool, call, emulatedProviders, type FindModel } from './emulated-providers.ts';

let emulator: Emulator;
let find: FindModel;

beforeAll(async () => {
  emulator = await startEmulator();
  find = await emulatedProviders(emulator);
});
afterAll(() => emulator.stop());

const asked: ModelMessage = { role: 'user', parts: [{ type: 'text', text: 'Add.' }] };

/** A model thinks, calls a tool, is given the result: the body of its second request. */
async function secondRequest(provider: 'anthropic' | 'openai-responses', model: string): Promise<string> {
  const thinks = inOrder(
    reasoning('First I add.', {}),
    toolCalls([{ name: 'add', arguments: { a: 1, b: 2 } }]),
  );
  emulator.reset();
  emulator.script([thinks, text('3')]);
  const first = await call(find(provider, model), { messages: [asked], tools: [addTool] });
  // What is stored goes through JSON: nothing may be lost in it.
  const parts: typeof first.parts = JSON.parse(JSON.stringify(first.parts));
  const callId = parts.flatMap((part) => (part.type === 'tool-call' ? [part.call_id] : []))[0] ?? '';
  const results = [{ callId, tool: 'add', isError: false, content: '3' }];
  const messages: ModelMessage[] = [asked, { role: 'assistant', parts }, { role: 'tool', results }];
  const second = await call(find(provider, model), { messages, tools: [addTool] });
  expect(second.parts).toEqual([{ type: 'text', text: '3' }]);
  return JSON.stringify(emulator.requests.at(-1)?.body);
}

it('gives Anthropic its thoughts back with their signature', async () => {
  expect(await secondRequest('anthropic', 'claude-sonnet-5-5')).toMatch(
    /\{"type":"thinking","thinking":"First I add\.","signature":"[^"]+"\}/,
  );
});

it('gives OpenAI its thoughts back encrypted, and lets it keep nothing', async () => {
  const body = await secondRequest('openai-responses', 'gpt-5.6');
  expect(body).toContain('"store":false');
  expect(body).toContain('"include":["reasoning.encrypted_content"]');
  expect(body).toMatch(/"type":"reasoning","id":"[^"]+","encrypted_content":"[^"]+"/);
});

it('marks for Anthropic what it shall cache: the instructions and the conversation so far', async () => {
  emulator.reset();
  emulator.script(text('Hi.'));
  await call(find('anthropic', 'm'), { instructions: 'Be kind.', messages: [asked] });
  expect(emulator.requests[0]?.body).toMatchObject({
    system: [{ text: 'Be kind.', cache_control: { type: 'ephemeral' } }],
    messages: [{ content: [{ text: 'Add.', cache_control: { type: 'ephemeral' } }] }],
  });
});

it('shows a model the malformed arguments that it wrote', async () => {
  emulator.reset();
  emulator.script(text('Sorry.'));
  const parts = [{ type: 'tool-call' as const, call_id: 'c1', tool: 'add', arguments: '{"a": 1,' }];
  const results = [{ callId: 'c1', tool: 'add', isError: true, content: 'cut off' }];
  const messages: ModelMessage[] = [asked, { role: 'assistant', parts }, { role: 'tool', results }];
  await call(find('anthropic', 'm'), { messages, tools: [addTool] });
  expect(JSON.stringify(emulator.requests[0]?.body)).toContain(
    String.raw`"input":{"malformed_arguments":"{\"a\": 1,"}`,
  );
});

it('puts text files into the message as text, and images as files', async () => {
  emulator.reset();
  emulator.script(text('Seen.'));
  const file = {
    type: 'file' as const,
    mediaType: 'text/csv',
    name: 'a.csv',
    data: new TextEncoder().encode('x;y'),
  };
  const image = { type: 'file' as const, mediaType: 'image/png', data: new Uint8Array([137, 80, 78, 71]) };
  await call(find('anthropic', 'm'), { messages: [{ role: 'user', parts: [file, image] }] });
  const body = JSON.stringify(emulator.requests[0]?.body);
  expect(body).toContain(String.raw`File a.csv (text/csv):\nx;y`);
  expect(body).toContain('"media_type":"image/png"');
});
