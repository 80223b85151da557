import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Frame } from '../../src/application/stream/frame.ts';
import { startHttpServer, type HttpServer } from '../../src/interface/http/start-http-server.ts';
import { fakeIds, fakeKeys } from './fake-application.ts';
import { openDoor, type TestDoor } from './open-door.ts';

const path = `/v1/runs/${fakeIds.run}/events`;
const open = 'retry: 1000\n\n';

function frame(id: string, text = 'x'): Frame {
  return { id, event: 'text-delta', data: JSON.stringify({ text }) };
}

function written({ id, event, data }: Frame): string {
  return `id: ${id}\nevent: ${event}\ndata: ${data}\n\n`;
}

/** Reads a stream piece by piece. */
class StreamReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();

  constructor(answer: Response) {
    this.#reader = answer.body!.getReader();
  }

  /** The next piece, as it arrived; undefined at the end. */
  async next(): Promise<string | undefined> {
    const { value } = await this.#reader.read();
    return value === undefined ? undefined : this.#decoder.decode(value, { stream: true });
  }

  /** What comes until this many characters are there. */
  async take(length: number): Promise<string> {
    let text = '';
    while (text.length < length) text += (await this.next()) ?? '[end]'.repeat(length);
    return text;
  }

  async rest(): Promise<string> {
    let text = '';
    for (let piece = await this.next(); piece !== undefined; piece = await this.next()) text += piece;
    return text;
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}

/** How a client reaches the door: over the network (raw response), or in the process (web stream). */
interface Way {
  door: TestDoor;
  get(at: string, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

async function overNetwork(): Promise<Way> {
  const door = openDoor();
  const server: HttpServer = await startHttpServer({
    app: door.app,
    host: '127.0.0.1',
    port: 0,
    log: door.log,
    clock: door.clock,
  });
  const authorization = `Bearer ${fakeKeys.admin}`;
  return {
    door,
    get: (at, headers) => fetch(`${server.url}${at}`, { headers: { authorization, ...headers } }),
    close: () => server.stop(0),
  };
}

async function inProcess(): Promise<Way> {
  const door = openDoor();
  return {
    door,
    get: (at, headers = {}) => door.request(at, { headers }),
    close: async () => door.app.stop(),
  };
}

const ways: [string, () => Promise<Way>][] = [
  ['raw response', overNetwork],
  ['web stream', inProcess],
];

describe.each(ways)('a stream through a %s', (_, make) => {
  let way: Way;
  beforeEach(async () => {
    way = await make();
  });
  afterEach(() => way.close());

  async function start(at = path, headers?: Record<string, string>) {
    const following = way.door.application.nextFollower();
    const answer = await way.get(at, headers);
    return { answer, reader: new StreamReader(answer), follower: await following };
  }

  test('is server-sent events that nothing on the way may keep', async () => {
    const { answer, reader } = await start();
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(answer.headers.get('x-accel-buffering')).toBe('no');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await reader.next()).toBe(open);
  });

  test('writes frames, those of one moment in one piece', async () => {
    const { reader, follower } = await start();
    await reader.take(open.length);
    const frames = [frame('1'), frame(`1:${fakeIds.run}:3`, 'ä\n€')];
    for (const each of frames) follower.sink.write(each);
    expect(await reader.next()).toBe(frames.map(written).join(''));
  });

  test('replays what was there and ends with the run', async () => {
    way.door.application.replay = [frame('1'), frame('2')];
    way.door.application.endsAfterReplay = true;
    const { reader } = await start();
    expect(await reader.rest()).toBe(open + written(frame('1')) + written(frame('2')));
    expect(way.door.app.streamCount).toBe(0);
  });

  test.each([
    ['the header', path, { 'last-event-id': '7' }],
    ['the query', `${path}?after=7`, {}],
    ['the header before the query', `${path}?after=3`, { 'last-event-id': '7' }],
    ['the query when the header is empty', `${path}?after=7`, { 'last-event-id': '' }],
  ])('goes on after the cursor of %s', async (_name, at, headers) => {
    const { follower } = await start(at, headers);
    expect(follower.after).toBe('7');
  });

  test('tells a client that has everything not to come back', async () => {
    way.door.application.endsAfterReplay = true;
    const answer = await way.get(`/v1/runs/${fakeIds.endedRun}/events`, { 'last-event-id': '7' });
    expect(answer.status).toBe(204);
    expect(way.door.app.streamCount).toBe(0);
  });

  test('is refused as a problem when there is nothing to follow', async () => {
    const answer = await way.get(`/v1/runs/${fakeIds.foreignRun}/events`);
    expect(answer.status).toBe(404);
    expect(way.door.app.streamCount).toBe(0);
  });

  test('is kept alive by a comment when quiet, and only then', async () => {
    const { reader, follower } = await start();
    await reader.take(open.length);
    await way.door.clock.advance(15_000);
    expect(await reader.next()).toBe(':\n\n');
    follower.sink.write(frame('1'));
    expect(await reader.next()).toBe(written(frame('1')));
    await way.door.clock.advance(15_000);
    await way.door.clock.advance(15_000);
    follower.sink.write(frame('2'));
    expect(await reader.take(3 + written(frame('2')).length)).toBe(`:\n\n${written(frame('2'))}`);
  });

  test('ends with a hint to come back when the server stops', async () => {
    const { reader, follower } = await start();
    follower.sink.write(frame('1'));
    way.door.app.stop();
    expect(await reader.rest()).toBe(open + written(frame('1')) + open);
    expect(follower.isStopped).toBe(true);
  });

  test('stops following when the client goes away', async () => {
    const { reader, follower } = await start();
    await reader.take(open.length);
    await reader.cancel();
    await expect.poll(() => follower.isStopped).toBe(true);
    expect(way.door.app.streamCount).toBe(0);
    expect(way.door.clock.sleeperCount).toBe(0);
  });

  test('cuts a client that reads too slowly, after sending what was kept', async () => {
    const { reader, follower } = await start();
    const megabyte = 'x'.repeat(1_048_576);
    let count = 0;
    while (!follower.isStopped && count < 100) {
      follower.sink.write(frame(String(++count), megabyte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(count).toBeLessThan(100);
    const ids = [...(await reader.rest()).matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    expect(ids.length).toBeGreaterThan(0);
    expect(ids).toEqual(ids.map((_id, index) => index + 1));
    expect(way.door.app.streamCount).toBe(0);
  });

  test('tells a replay to wait while the client is behind', async () => {
    const { reader, follower } = await start();
    expect(follower.sink.drained?.()).toBeUndefined();
    follower.sink.write(frame('1', 'x'.repeat(9_000_000)));
    await new Promise((resolve) => setImmediate(resolve));
    const drained = follower.sink.drained?.();
    expect(drained).toBeInstanceOf(Promise);
    const reading = reader.take(9_000_000);
    await drained;
    expect(follower.sink.drained?.()).toBeUndefined();
    expect((await reading).length).toBeGreaterThan(9_000_000);
  });
});

test('a run that is started with stream answers its events', async () => {
  const door = openDoor();
  door.application.replay = [frame('1')];
  door.application.endsAfterReplay = true;
  const answer = await door.request('/v1/runs', {
    json: { agent: 'assistant', input: 'Hello', stream: true },
  });
  expect(answer.headers.get('location')).toBe(`/v1/runs/${fakeIds.run}`);
  expect(await answer.text()).toBe(open + written(frame('1')));
});

test('a client that takes nothing after the end is dropped after a while', async () => {
  const way = await overNetwork();
  const following = way.door.application.nextFollower();
  await way.get(path);
  const { sink } = await following;
  sink.write(frame('1', 'x'.repeat(30_000_000)));
  sink.end({ retry: false });
  expect(way.door.app.streamCount).toBe(1);
  await way.door.clock.advance(15_000);
  await way.door.clock.advance(15_000);
  await expect.poll(() => way.door.app.streamCount).toBe(0);
  await way.close();
});

test('there are no more streams than the limit', async () => {
  const door = openDoor({ maxStreams: 1 });
  await door.request(path);
  const answer = await door.request(path);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ code: 'streams-full', data: { limit: 1 } });
  door.app.stop();
});

test('HEAD of a stream is refused, for a stream has no end that it could tell', async () => {
  const answer = await openDoor().request(path, { method: 'HEAD' });
  expect(answer.status).toBe(405);
  expect(answer.headers.get('allow')).toBe('GET');
});
