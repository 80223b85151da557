import { readFile } from 'node:fs/promises';

import { describe, expect, test } from 'vitest';

import { modelNameForms } from '../../src/emulator/model-name.ts';
import { post } from './raw-client.ts';
import { runningEmulator } from './running-emulator.ts';

const running = runningEmulator();

interface Message {
  content: string | null;
  reasoning_content?: string;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
}

async function answer(
  model: string,
  messages: object[] = [{ role: 'user', content: 'Hi' }],
): Promise<Message> {
  const { body } = await post(`${running().url}/v1/chat/completions`, { model, messages }).answer;
  const parsed = JSON.parse(body.toString()) as { choices: { message: Message }[] };
  return parsed.choices[0]?.message ?? { content: null };
}

async function streamed(model: string): Promise<string> {
  const body = { model, stream: true, messages: [] };
  return (await post(`${running().url}/v1/chat/completions`, body).answer).body.toString();
}

function tokens(message: Message): number {
  return message.content?.trim().split(' ').length ?? 0;
}

describe('a model named', () => {
  test('text-200 streams 200 tokens of about 230 bytes each', async () => {
    const body = await streamed('text-200');
    const events = body.split('\n\n').filter((event) => event.includes('"content":"'));
    expect(events).toHaveLength(201);
    expect(body.length / 200).toBeGreaterThan(200);
    expect(body.length / 200).toBeLessThan(260);
  });

  test('tools-2 asks for one call a step, then answers', async () => {
    const messages: object[] = [{ role: 'user', content: 'Go' }];
    const asked: string[] = [];
    for (let step = 0; step < 2; step += 1) {
      const message = await answer('tools-2', messages);
      const [call] = message.tool_calls ?? [];
      asked.push(`${call?.function.name} ${call?.function.arguments}`);
      messages.push(
        { role: 'assistant', ...message },
        { role: 'tool', tool_call_id: call?.id, content: '1' },
      );
    }
    expect(asked).toEqual(['add {"a":0,"b":1}', 'add {"a":1,"b":2}']);
    expect(tokens(await answer('tools-2', messages))).toBe(200);
  });

  test('tools-1 gives every call an id of its own', async () => {
    const ids = [await answer('tools-1'), await answer('tools-1')].map(
      (message) => message.tool_calls?.[0]?.id,
    );
    expect(new Set(ids).size).toBe(2);
  });

  test('parallel-3 asks for three calls at once', async () => {
    const { tool_calls: calls } = await answer('parallel-3');
    expect(calls?.map((call) => call.function.arguments)).toEqual([
      '{"a":0,"b":1}',
      '{"a":1,"b":2}',
      '{"a":2,"b":3}',
    ]);
  });

  test('echo repeats the user', async () => {
    expect(await answer('echo', [{ role: 'user', content: 'Olá, señor 😀!' }])).toMatchObject({
      content: 'Olá, señor 😀!',
    });
  });

  test('acme/text-3 is known behind the name of a provider', async () => {
    expect(tokens(await answer('acme/text-3'))).toBe(3);
  });

  test('reasoning-5 thinks, then answers', async () => {
    const message = await answer('reasoning-5');
    expect(message.reasoning_content?.trim()).toBe('thought thought thought thought thought');
    expect(tokens(message)).toBe(20);
  });

  test('malformed gives arguments that are cut off', async () => {
    expect((await answer('malformed')).tool_calls?.[0]?.function.arguments).toBe('{"a": 1, "b":');
  });

  test.for([
    ['error-529', 529, undefined],
    ['error-429-3', 429, '3'],
    ['text-100001', 400, undefined],
  ] as const)('%s is refused with %i', async ([model, status, retryAfter]) => {
    const call = post(`${running().url}/v1/chat/completions`, { model, messages: [] });
    const refused = await call.answer;
    expect(refused.status).toBe(status);
    expect(refused.headers['retry-after']).toBe(retryAfter);
  });

  test('cut-2000 breaks after 2000 bytes, broken-5 after five tokens', async () => {
    const cut = await post(`${running().url}/v1/responses`, { model: 'cut-2000', stream: true }).answer;
    expect(cut).toMatchObject({ complete: false, body: { length: 2000 } });
    const broken = await streamed('broken-5');
    expect(broken.match(/"content":"[^"]/g)).toHaveLength(5);
    expect(broken).toMatch(/"error":\{"message":"Overloaded"/);
  });

  test('slow-30-5-3 takes its time', async () => {
    const start = performance.now();
    await streamed('slow-30-5-3');
    expect(performance.now() - start).toBeGreaterThan(38);
  });
});

test('every form of a name is in the table of the README', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  for (const { form, example, meaning } of modelNameForms) {
    expect(readme).toContain(`| \`${form}\` | \`${example}\` | ${meaning} |`);
  }
});
