import { writeFile } from 'node:fs/promises';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { type APIError } from 'openai';
import { describe, expect, test } from 'vitest';

import { cutAfter, drop, failure, text, toolCalls, words } from '../../src/emulator/reply-builders.ts';
import { startReplayer } from '../../src/recording/replayer.ts';
import { ManualClock } from '../emulator/manual-clock.ts';
import { post } from '../emulator/raw-client.ts';
import { recordedEmulator } from './recorded-emulator.ts';

const ask = { model: 'm', max_tokens: 10, messages: [{ role: 'user' as const, content: 'Hello' }] };

function anthropic(baseURL: string): Anthropic {
  return new Anthropic({ apiKey: 'key-1', baseURL, maxRetries: 0 });
}

describe('a recording', () => {
  test('gives the official client the same stream again, without the provider', async () => {
    const { provider, recorder, replay } = await recordedEmulator();
    provider.script([text('Olá, señor 😀!'), toolCalls([{ name: 'add', arguments: { a: 1 } }])]);
    const talk = async (url: string): Promise<unknown[]> => {
      const first = await anthropic(url).messages.stream(ask).finalMessage();
      const second = await anthropic(url)
        .messages.stream({ ...ask, max_tokens: 11 })
        .finalMessage();
      return [first.content, second.content, first.usage, second.id];
    };
    const real = await talk(recorder.url);
    const replayer = await replay();
    expect(await talk(replayer.url)).toEqual(real);
    expect(replayer.remaining).toBe(0);
  });

  test('gives the bytes of the provider, byte by byte', async () => {
    const { provider, recorder, replay } = await recordedEmulator();
    provider.script(words(50, { betweenTokensMs: 1 }));
    const body = { ...ask, stream: true };
    const real = await post(`${recorder.url}/v1/responses`, body).answer;
    const again = await post(`${(await replay()).url}/v1/responses`, body).answer;
    expect(again.body.equals(real.body)).toBe(true);
    expect(again.headers['content-type']).toBe(real.headers['content-type']);
    expect(again.headers['x-request-id']).toBe(real.headers['x-request-id']);
  });

  test('answers equal requests in the order in which they were answered, whatever the order of keys', async () => {
    const { provider, recorder, replay } = await recordedEmulator();
    provider.script([text('First.'), text('Second.')]);
    await post(`${recorder.url}/v1/messages`, { model: 'm', messages: [] }).answer;
    await post(`${recorder.url}/v1/messages`, { messages: [], model: 'm' }).answer;
    const { url } = await replay();
    const first = await post(`${url}/v1/messages`, { messages: [], model: 'm' }).answer;
    const second = await post(`${url}/v1/messages`, { model: 'm', messages: [] }).answer;
    expect(first.body.toString()).toContain('First.');
    expect(second.body.toString()).toContain('Second.');
  });

  test('keeps refusals with their headers', async () => {
    const { provider, recorder, replay } = await recordedEmulator();
    provider.script(failure(429, { retryAfterSeconds: 7 }));
    const talk = async (url: string): Promise<unknown> =>
      new OpenAI({ apiKey: 'k', baseURL: `${url}/v1`, maxRetries: 0 }).chat.completions
        .create(ask)
        .catch((error: unknown) => error);
    await talk(recorder.url);
    const error = await talk((await replay()).url);
    expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect((error as APIError).headers?.get('retry-after')).toBe('7');
  });

  test('keeps a broken connection at its byte', async () => {
    const { provider, recorder, replay } = await recordedEmulator();
    provider.script(cutAfter(500, words(200)));
    const body = { ...ask, stream: true };
    const real = await post(`${recorder.url}/v1/messages`, body).answer;
    const again = await post(`${(await replay()).url}/v1/messages`, body).answer;
    for (const answer of [real, again])
      expect(answer).toMatchObject({ complete: false, body: { length: 500 } });
  });

  test('is played at the pace of the provider when asked to', async () => {
    const { provider, recorder, replay } = await recordedEmulator();
    provider.script(text('One two three.', { betweenTokensMs: 30 }));
    const body = { ...ask, stream: true };
    const real = await post(`${recorder.url}/v1/messages`, body).answer;
    const clock = new ManualClock();
    const call = post(`${(await replay({ pace: 'recorded', clock })).url}/v1/messages`, body);
    let end = 0;
    void call.answer.finally(() => (end = clock.now()));
    await clock.next();
    while (clock.now() < 50) await clock.next();
    while (clock.pending > 0) await clock.next();
    expect((await call.answer).body.equals(real.body)).toBe(true);
    expect(end).toBeGreaterThanOrEqual(50);
  });
});

describe('a request that was not recorded', () => {
  test('is told the nearest one and where they differ', async () => {
    const { recorder, replay } = await recordedEmulator();
    await post(`${recorder.url}/v1/messages`, { ...ask, model: 'text-3' }).answer;
    await post(`${recorder.url}/v1/messages`, { ...ask, model: 'text-4', max_tokens: 99 }).answer;
    const replayer = await replay();
    const messages = [{ role: 'user', content: 'Goodbye' }];
    const { body, status } = await post(`${replayer.url}/v1/messages`, { ...ask, model: 'text-3', messages })
      .answer;
    expect(status).toBe(404);
    const message =
      'The recording has no answer left for POST /v1/messages. The nearest recorded request is number 1, ' +
      'POST /v1/messages, which differs at messages[0].content: recorded "Hello", asked "Goodbye".';
    expect(JSON.parse(body.toString())).toMatchObject({ type: 'error', error: { message } });
    expect(replayer.unmatched).toEqual([message]);
    expect(replayer.remaining).toBe(2);
  });

  test('is told when its answer was given already, and when the recording is empty', async () => {
    const { recorder, replay } = await recordedEmulator();
    const body = { ...ask, model: 'text-3' };
    await post(`${recorder.url}/v1/messages`, body).answer;
    const replayer = await replay();
    await post(`${replayer.url}/v1/messages`, body).answer;
    await post(`${replayer.url}/v1/messages`, body).answer;
    expect(replayer.unmatched).toEqual([
      expect.stringContaining('with the same body; it was given already.'),
    ]);
  });

  test('matches when what changes from run to run is taken out', async () => {
    const { recorder, replay } = await recordedEmulator();
    await post(`${recorder.url}/v1/messages`, { ...ask, model: 'text-3', user: 'run-1' }).answer;
    const { url } = await replay({ normalise: (body) => ({ ...(body as object), user: 'any' }) });
    const again = await post(`${url}/v1/messages`, { ...ask, model: 'text-3', user: 'run-2' }).answer;
    expect(again.status).toBe(200);
  });
});

test('a recording with a bad line is refused with its place', async () => {
  const { file, recorder } = await recordedEmulator();
  await post(`${recorder.url}/v1/messages`, { ...ask, model: 'text-3' }).answer;
  await recorder.stop();
  await writeFile(file, '{"version":9}\n', { flag: 'a' });
  await expect(startReplayer({ file })).rejects.toThrow(
    /exchanges\.jsonl:2 \(from the recording\) is not a recorded/,
  );
  await writeFile(file, 'what\n');
  await expect(startReplayer({ file })).rejects.toThrow(/exchanges\.jsonl:1 .* is not JSON/);
});

test('a provider that gives no answer is reported and not recorded', async () => {
  const { provider, recorder, saved } = await recordedEmulator();
  provider.script(drop());
  const answer = await post(`${recorder.url}/v1/messages`, ask).answer;
  expect(answer.status).toBe(502);
  expect(answer.body.toString()).toContain('cannot be reached');
  expect((await saved()).exchanges).toEqual([]);
});
