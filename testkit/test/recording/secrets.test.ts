import { stat } from 'node:fs/promises';

import { describe, expect, test } from 'vitest';

import { text, words } from '../../src/emulator/reply-builders.ts';
import { startRecorder } from '../../src/recording/recorder.ts';
import { SecretRemover } from '../../src/recording/secret-remover.ts';
import { recordedEmulator } from './recorded-emulator.ts';

const key = 'sk-live-4f9a2b7c1d';

async function ask(url: string, headers: Record<string, string>, body: object = {}): Promise<string> {
  const sent = JSON.stringify({ model: 'm', messages: [], ...body });
  return (await fetch(url, { method: 'POST', headers, body: sent })).text();
}

describe('a recording has no', () => {
  test.for(['authorization', 'x-api-key', 'x-goog-api-key', 'cookie'])(
    'value of the header %s',
    async (name) => {
      const { provider, recorder, saved } = await recordedEmulator();
      // A provider may quote the key that it refuses.
      provider.script(text(`The key ${key} is wrong.`, { tokens: 200 }));
      const value = { authorization: `Bearer ${key}`, cookie: `theme=dark; session=${key}` }[name] ?? key;
      const answer = await ask(
        `${recorder.url}/v1/messages`,
        { [name]: value },
        { note: `My key is ${key}.` },
      );
      expect(answer).toContain(key);
      expect(provider.requests[0]?.headers[name]).toBe(value);
      const { exchanges, text: file } = await saved();
      expect(file).not.toContain(key);
      expect(exchanges[0]?.request_headers[name]).toBe('[removed]');
      expect(exchanges[0]?.request_body).toMatchObject({ note: 'My key is [removed].' });
    },
  );

  test('value of the key in the address, and an address with one still finds its answer', async () => {
    const { provider, recorder, replay, saved } = await recordedEmulator();
    provider.script(words(3));
    const path = `/v1beta/models/m:streamGenerateContent?alt=sse&key=`;
    await ask(`${recorder.url}${path}${key}`, {});
    const { exchanges, text: file } = await saved();
    expect(file).not.toContain(key);
    expect(exchanges[0]?.path).toBe('/v1beta/models/m:streamGenerateContent?alt=sse&key=%5Bremoved%5D');
    const { url } = await replay();
    expect(await ask(`${url}${path}another-key-than-before`, {})).toContain('durable');
  });

  test('given value, quoted in JSON, in the request and in the answer', async () => {
    const secret = 'pass"word\\42';
    const { provider, recorder, saved } = await recordedEmulator({ secrets: [secret] });
    provider.script(text(`It is ${secret}.`));
    const answer = await ask(`${recorder.url}/v1/messages`, {}, { note: secret });
    expect(JSON.parse(answer)).toMatchObject({ content: [{ text: `It is ${secret}.` }] });
    const { text: file } = await saved();
    expect(file).not.toContain('word');
  });

  test('trace of a secret that lies across pieces, and no piece changes its length', () => {
    const remover = new SecretRemover(['top-secret']);
    const pieces = ['a top-', 'sec', 'ret b'].map((piece) => Buffer.from(piece));
    const clean = remover.chunks(pieces).map((piece) => piece.toString());
    expect(clean).toEqual(['a ****', '***', '*** b']);
  });
});

test('numbers and the names of cookies are no secrets', () => {
  const remover = new SecretRemover(['1234']);
  remover.learn({ cookie: 'session_name=abcdefgh; theme=dark', authorization: 'Bearer short' }, '/');
  expect(remover.json({ count: 12_345, text: 'pin 1234', session_name: 'Bearer short dark' })).toEqual({
    count: 12_345,
    text: 'pin [removed]',
    session_name: 'Bearer short dark',
  });
});

test('a secret that is too short to be told from text is refused', () => {
  expect(() => new SecretRemover(['abc'])).toThrow('has a value of 3 characters; a secret needs at least 4');
});

test('the file is for its owner alone', async () => {
  const { file } = await recordedEmulator();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a target that is no address is refused', async () => {
  const start = startRecorder({ target: 'ftp://x', file: '/dev/null' });
  await expect(start).rejects.toThrow(
    'target (from the recorder) must be an http or https address, not "ftp://x".',
  );
});
