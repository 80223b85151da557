import { BatutaClient, assembleText, type MessageText, type StreamFrame } from '@batuta/sdk';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { badInputs } from './bad-input-cases.ts';
import { fakeIds } from './fake-application.ts';
import { send } from './open-door.ts';
import { openPlatform, type PlatformDoor } from './open-platform.ts';

const words = Array.from({ length: 60 }, (_, index) => `wörd${index}`).join(' ');

async function collect(frames: AsyncIterable<StreamFrame>): Promise<StreamFrame[]> {
  const all: StreamFrame[] = [];
  for await (const frame of frames) all.push(frame);
  return all;
}

function textOf(frames: readonly StreamFrame[]): string | undefined {
  return frames.reduce<readonly MessageText[]>(assembleText, []).at(-1)?.text;
}

/** What only an application can be tried with in which things have come that far; the fake one has them. */
const needsState: ReadonlySet<string> = new Set([
  'budget-of-file',
  'decision-not-offered',
  'delivery-pending',
  'delivery-unknown',
  'grant-too-wide',
  'identity-taken',
  'key-not-active',
  'last-administrator',
  'tenant-exists',
  'tenant-needed',
]);

describe('bad input to a whole platform', () => {
  let door: PlatformDoor;
  let release: () => void;
  const realIds: [string, string][] = [];

  /** A session with a run that is held, one with a run that has ended, and another tenant's. */
  beforeAll(async () => {
    door = await openPlatform({ model: [{ text: 'Done.' }, { text: 'Done.' }, { text: 'Done.' }] });
    const { platform } = door;
    const ended = await platform.run('Hi');
    const { runs } = platform.application;
    const foreign = await runs.accept(platform.stranger, { agent: 'assistant', input: 'Hi' });
    const signal = AbortSignal.timeout(10_000);
    await runs.waitForEnd(platform.stranger, foreign.id, { seconds: 10, signal });
    const hold = platform.signals.hold('model-call-before');
    const held = await runs.accept(platform.identity, { agent: 'assistant', input: 'Hi' });
    await hold.arrived;
    release = () => hold.release();
    realIds.push(
      [fakeIds.run, held.id],
      [fakeIds.session, held.session_id],
      [fakeIds.endedRun, ended.id],
      [fakeIds.foreignRun, foreign.id],
      [fakeIds.foreignSession, foreign.session_id],
    );
  });
  afterAll(async () => {
    release();
    await door.close();
  });

  function withRealIds(text: string): string {
    return realIds.reduce((result, [fake, real]) => result.replaceAll(fake, real), text);
  }

  const cases = Object.entries(badInputs).flatMap(([name, bad]) => bad.map((each) => ({ name, ...each })));
  test.each(cases.filter(({ code }) => !needsState.has(code)))('$name refuses $what: $path', async (bad) => {
    const { request = {} } = bad;
    const json =
      request.json === undefined ? {} : { json: JSON.parse(withRealIds(JSON.stringify(request.json))) };
    const answer = await send(door.app, withRealIds(bad.path), { ...request, ...json, key: door.key });
    expect(await answer.json()).toMatchObject({ status: bad.status, code: bad.code });
  });
});

describe('the SDK and a whole platform', () => {
  let door: PlatformDoor;
  let client: BatutaClient;

  beforeAll(async () => {
    door = await openPlatform({ model: () => ({ text: words }) });
    client = new BatutaClient({ baseUrl: door.server.url, key: door.key });
  });
  afterAll(() => door.close());

  test('a run is started, followed to its end and read', async () => {
    const { id, session_id } = await client.runs.create({ agent: 'assistant', input: 'Hi' });
    expect(textOf(await collect(client.runs.events(id)))).toBe(words);
    expect(await client.runs.wait(id)).toMatchObject({
      id,
      session_id,
      status: 'succeeded',
      output: { text: words },
    });
    expect((await client.runs.list({ session_id })).items).toHaveLength(1);
    expect(await client.sessions.get(session_id)).toMatchObject({ id: session_id, agent: 'assistant' });
    expect((await client.agents.list()).items.map(({ name }) => name)).toEqual(['assistant']);
    expect(await client.ready()).toMatchObject({ status: 'ready' });
  });

  test('the same idempotency key gives the same run', async () => {
    const options = { idempotencyKey: 'once' };
    const first = await client.runs.create({ agent: 'assistant', input: 'Hi' }, options);
    const second = await client.runs.create({ agent: 'assistant', input: 'Hi' }, options);
    expect(second.id).toBe(first.id);
    await client.runs.wait(first.id);
  });

  test('a client that has everything is told so', async () => {
    const { id } = await client.runs.create({ agent: 'assistant', input: 'Hi' });
    const after = (await collect(client.runs.events(id))).at(-1)?.cursor ?? '';
    expect(await collect(client.runs.events(id, { after, maxFailures: 0 }))).toEqual([]);
    const headers = { authorization: `Bearer ${door.key}`, 'last-event-id': after };
    expect((await fetch(`${door.server.url}/v1/runs/${id}/events`, { headers })).status).toBe(204);
  });

  test('another tenant sees nothing', async () => {
    const { id, session_id } = await client.runs.create({ agent: 'assistant', input: 'Hi' });
    const stranger = new BatutaClient({ baseUrl: door.server.url, key: door.strangerKey });
    await expect(stranger.runs.get(id)).rejects.toMatchObject({ code: 'run-unknown' });
    await expect(collect(stranger.sessions.events(session_id))).rejects.toMatchObject({
      code: 'session-unknown',
    });
    expect((await stranger.runs.list()).items).toEqual([]);
    await client.runs.wait(id);
  });

  test('wherever connections are cut, the text is that of a client that was never cut', async () => {
    const cuts = fc.array(fc.nat({ max: 4_000 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cuts, async (bytes) => {
        const cutting = new BatutaClient({
          baseUrl: door.server.url,
          key: door.key,
          fetch: cutAfter([...bytes]),
          sleep: async () => undefined,
        });
        const { id } = await client.runs.create({ agent: 'assistant', input: 'Hi' });
        const frames = await collect(cutting.runs.events(id));
        expect(textOf(frames)).toBe(words);
        const seqs = frames.flatMap((frame) => (frame.type === 'event' ? [frame.event.seq] : []));
        expect(seqs).toEqual(seqs.map((_, index) => index + 1));
      }),
      { numRuns: 15 },
    );
  });
});

/** A fetch whose first answers break off after so many bytes. */
function cutAfter(bytes: number[]): typeof fetch {
  return async (input, init) => {
    const answer = await fetch(input, init);
    const left = bytes.shift();
    if (left === undefined || answer.body === null) return answer;
    return new Response(answer.body.pipeThrough(cutter(left)), answer);
  };
}

function cutter(most: number): TransformStream<Uint8Array, Uint8Array> {
  let left = most;
  return new TransformStream({
    transform(piece, controller) {
      controller.enqueue(piece.subarray(0, left));
      left -= piece.byteLength;
      if (left <= 0) controller.error(new TypeError('cut'));
    },
  });
}
