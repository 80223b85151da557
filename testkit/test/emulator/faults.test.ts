import { describe, expect, test } from 'vitest';

import { startEmulator } from '../../src/emulator/emulator.ts';
import {
  cutAfter,
  drop,
  empty,
  failure,
  garbage,
  garbageAfter,
  hang,
  hangAfter,
  nonsense,
  pauseAfter,
  text,
  words,
} from '../../src/emulator/reply-builders.ts';
import { ManualClock } from './manual-clock.ts';
import { post, type RawCall } from './raw-client.ts';
import { runningEmulator } from './running-emulator.ts';

const running = runningEmulator();

function ask(stream = true, path = '/v1/chat/completions'): RawCall {
  return post(running().url + path, { model: 'm', stream, messages: [{ role: 'user', content: 'Hello' }] });
}

/** The same answer gives the same bytes, but for ids of a fixed length: so parts of it can be compared. */
async function lengthOf(): Promise<number> {
  return (await ask().answer).body.length;
}

describe('a cut', () => {
  test.for([1, 100, 1000, 5001])('comes after exactly %i bytes of the body', async (bytes) => {
    running().script(cutAfter(bytes, words(200)));
    const answer = await ask().answer;
    expect(answer).toMatchObject({ status: 200, complete: false });
    expect(answer.body.length).toBe(bytes);
    expect(running().counts).toMatchObject({ cut: 1, aborted: 0, answered: 0 });
  });

  test('at byte 0 comes after the head', async () => {
    running().script(cutAfter(0, words(200)));
    expect(await ask().answer).toMatchObject({ status: 200, complete: false, body: Buffer.alloc(0) });
  });

  test('beyond the end changes nothing', async () => {
    running().script(words(20));
    const length = await lengthOf();
    running().script(cutAfter(length + 1, words(20)));
    const answer = await ask().answer;
    expect(answer.complete).toBe(true);
    expect(answer.body.length).toBe(length);
  });

  test('also cuts a slow stream, an answer in one piece and an error body', async () => {
    running().script(cutAfter(700, words(200, { betweenTokensMs: 1 })));
    expect((await ask().answer).body.length).toBe(700);
    running().script(cutAfter(70, words(200)));
    expect((await ask(false).answer).body.length).toBe(70);
    running().script(cutAfter(7, failure(500)));
    expect(await ask().answer).toMatchObject({ status: 500, complete: false, body: { length: 7 } });
  });
});

describe('a silence', () => {
  test('lasts until the client leaves, and is counted', async () => {
    running().script(hang());
    const call = ask();
    await running().received(1);
    expect(running().counts).toMatchObject({ open: 1, aborted: 0 });
    call.leave();
    await expect(call.answer).rejects.toThrow('socket hang up');
    await running().aborted(1);
    expect(running().counts).toMatchObject({ open: 0, aborted: 1 });
    expect(running().requests[0]?.outcome).toBe('aborted');
  });

  test('can begin in the middle of a stream', async () => {
    running().script(hangAfter(2, text('One two three.')));
    const call = ask();
    await call.firstBytes;
    call.leave();
    const answer = await call.answer;
    expect(answer.body.toString()).toContain('two ');
    expect(answer.body.toString()).not.toContain('three.');
    await running().aborted(1);
  });

  test('can be ended by the test', async () => {
    const gate = Promise.withResolvers<void>();
    running().script(pauseAfter(2, text('One two three.'), gate.promise));
    const call = ask();
    await call.firstBytes;
    expect(running().counts.open).toBe(1);
    gate.resolve();
    const answer = await call.answer;
    expect(answer.complete).toBe(true);
    expect(answer.body.toString()).toContain('three.');
  });
});

describe('bytes that are not of the protocol', () => {
  test('can be the whole body, under the expected content type', async () => {
    running().script(garbage());
    const answer = await ask().answer;
    expect(answer).toMatchObject({ status: 200, complete: true, body: Buffer.from(nonsense) });
    expect(answer.headers['content-type']).toMatch('text/event-stream');
  });

  test('can come under a wrong content type', async () => {
    running().script(garbage({ body: '<html>Bad gateway</html>', contentType: 'text/html' }));
    const answer = await ask().answer;
    expect(answer.headers['content-type']).toBe('text/html');
    expect(answer.body.toString()).toBe('<html>Bad gateway</html>');
  });

  test.for([0, 2, 99])('can come after %i tokens, and the answer goes on', async (tokens) => {
    running().script(text('One two three.'));
    const length = await lengthOf();
    running().script(garbageAfter(tokens, text('One two three.')));
    const { body, complete } = await ask().answer;
    expect(complete).toBe(true);
    expect(body.length).toBe(length + nonsense.length);
    const before = body.subarray(0, body.indexOf(nonsense)).toString();
    expect(before.includes('two ')).toBe(tokens >= 2);
    expect(body.subarray(body.indexOf(nonsense) + nonsense.length).toString()).toContain('[DONE]');
  });

  test('break an answer in one piece as well', async () => {
    running().script(garbageAfter(2, text('One two three.')));
    const { body } = await ask(false).answer;
    expect(body.includes(Buffer.from(nonsense))).toBe(true);
    expect(() => JSON.parse(body.toString()) as unknown).toThrow(SyntaxError);
  });
});

test('a dropped connection gives no answer at all', async () => {
  running().script(drop());
  await expect(ask().answer).rejects.toThrow('socket hang up');
  expect(running().counts).toMatchObject({ cut: 1, aborted: 0 });
});

test.for(['/v1/chat/completions', '/v1/messages', '/v1/responses'])(
  'an empty answer is complete: %s',
  async (path) => {
    running().script(empty());
    const streamed = await ask(true, path).answer;
    expect(streamed).toMatchObject({ status: 200, complete: true });
    expect(streamed.body.toString()).not.toMatch(/"delta":\{"content":"[^"]|text_delta|output_text/);
    expect((await ask(false, path).answer).complete).toBe(true);
  },
);

test('a slow stream waits before the first token and between the tokens, without drifting', async () => {
  const clock = new ManualClock();
  await using slow = await startEmulator({ clock });
  slow.script(text('One two three.', { firstTokenMs: 500, betweenTokensMs: 20 }));
  const call = post(`${slow.url}/v1/messages`, { model: 'm', stream: true, messages: [] });
  const times = [await clock.next(), await clock.next(), await clock.next()];
  expect(times).toEqual([500, 520, 540]);
  expect((await call.answer).body.toString()).toContain('three.');
  expect(clock.pending).toBe(0);
});

test('a client that leaves a slow stream leaves no timer behind', async () => {
  const clock = new ManualClock();
  await using slow = await startEmulator({ clock });
  slow.script(words(100, { firstTokenMs: 500, betweenTokensMs: 20 }));
  const call = post(`${slow.url}/v1/messages`, { model: 'm', stream: true, messages: [] });
  await clock.next();
  await call.firstBytes;
  expect(clock.pending).toBe(1);
  call.leave();
  await slow.aborted(1);
  expect(clock.pending).toBe(0);
});
