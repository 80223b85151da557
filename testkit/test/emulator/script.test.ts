import { describe, expect, test } from 'vitest';

import { startEmulator } from '../../src/emulator/emulator.ts';
import { failure, text } from '../../src/emulator/reply-builders.ts';
import { post, type RawAnswer } from './raw-client.ts';
import { runningEmulator } from './running-emulator.ts';

const running = runningEmulator();

function ask(model: string, content = 'Hello'): Promise<RawAnswer> {
  const body = { model, messages: [{ role: 'user', content }] };
  return post(`${running().url}/v1/chat/completions`, body).answer;
}

async function say(model: string, content?: string): Promise<string> {
  const { body } = await ask(model, content);
  const parsed = JSON.parse(body.toString()) as { choices: { message: { content: string } }[] };
  return parsed.choices[0]?.message.content ?? '';
}

async function refusal(model: string): Promise<{ status: number; message: string }> {
  const { body, status } = await ask(model);
  const parsed = JSON.parse(body.toString()) as { error: { message: string } };
  return { status, message: parsed.error.message };
}

describe('a script', () => {
  test('of one reply answers every request with it', async () => {
    running().script(text('Same.'));
    expect([await say('a'), await say('b')]).toEqual(['Same.', 'Same.']);
  });

  test('of a queue answers in order, then refuses in a way that no client repeats', async () => {
    running().script([text('First.'), text('Second.')]);
    expect([await say('a'), await say('a')]).toEqual(['First.', 'Second.']);
    const { status, message } = await refusal('a');
    expect(status).toBe(400);
    expect(message).toBe(
      'The script of the emulator has 2 replies, and all are given. This is request 3 (model a).',
    );
  });

  test('of a function sees the request and may wait', async () => {
    running().script(async (request) => {
      await Promise.resolve();
      return text(`${request.index} ${request.model} ${request.lastUserText}`);
    });
    expect([await say('a', 'Hi'), await say('b', 'Ho')]).toEqual(['0 a Hi', '1 b Ho']);
  });

  test('for a model wins over the one for all, which wins over the name of the model', async () => {
    running().script(text('for all'));
    running().script(text('for echo'), { model: 'echo' });
    expect([await say('echo'), await say('text-3')]).toEqual(['for echo', 'for all']);
  });

  test('that fails answers 500 and quotes the cause', async () => {
    running().script(() => {
      throw new TypeError('no such thing');
    });
    expect(await refusal('a')).toEqual({
      status: 500,
      message: 'The script of the emulator failed: TypeError: no such thing',
    });
  });

  test('is forgotten by a reset, with the requests and the counts', async () => {
    running().script(failure(500));
    await ask('echo');
    running().reset();
    expect(await say('echo', 'Hi')).toBe('Hi');
    expect(running().counts).toEqual({ received: 1, open: 0, answered: 1, cut: 0, aborted: 0 });
    expect(running().requests).toHaveLength(1);
  });
});

test('an unknown model is refused with a word on what there is', async () => {
  const { status, message } = await refusal('gpt-9');
  expect(status).toBe(404);
  expect(message).toMatch(/"gpt-9" is not scripted.*text-200/);
});

test('a body that is no JSON object is refused in the shape of the provider', async () => {
  const response = await fetch(`${running().url}/v1/messages`, { method: 'POST', body: '{"model":' });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
  expect(running().counts.received).toBe(0);
});

test('a body over the limit is refused', async () => {
  await using small = await startEmulator({ bodyLimitBytes: 100 });
  const response = await fetch(`${small.url}/v1/messages`, { method: 'POST', body: 'x'.repeat(101) });
  expect(response.status).toBe(413);
});

test('an unknown address is refused', async () => {
  const response = await fetch(`${running().url}/v1/moderations`, { method: 'POST', body: '{}' });
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({
    error: { message: 'The emulator has no POST /v1/moderations.' },
  });
});

test('models are listed in the shape of each provider', async () => {
  running().script(text('x'), { model: 'mine' });
  const { url } = running();
  const read = async (path: string): Promise<unknown> => (await fetch(url + path)).json();
  expect(await read('/v1/models')).toMatchObject({
    object: 'list',
    data: expect.arrayContaining([expect.objectContaining({ id: 'mine', type: 'model', object: 'model' })]),
  });
  expect(await read('/api/tags')).toMatchObject({
    models: expect.arrayContaining([expect.objectContaining({ name: 'mine' })]),
  });
});

test('only the newest requests are remembered, all are counted', async () => {
  await using forgetful = await startEmulator({ remember: 2 });
  for (let index = 0; index < 9; index += 1) {
    await post(`${forgetful.url}/v1/messages`, { model: `text-${index + 1}`, messages: [] }).answer;
  }
  expect(forgetful.counts.received).toBe(9);
  expect(forgetful.requests.length).toBeLessThan(4);
  expect(forgetful.requests.at(-1)?.model).toBe('text-9');
});

test('a wait for what does not come fails and says what came', async () => {
  await using hasty = await startEmulator({ waitMs: 1 });
  await expect(hasty.received(2)).rejects.toThrow(
    'Waited 0.001 s for 2 requests to be received; seen so far: {"received":0,',
  );
});

test('a port in use is refused with its name', async () => {
  const port = Number(new URL(running().url).port);
  await expect(startEmulator({ port })).rejects.toThrow(/port \(from the emulator\) cannot be listened on/);
});
