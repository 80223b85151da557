import { formatCursor, parseCursor, type Event } from '@batuta/contract';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assembleText, type MessageText } from '../src/assemble-text.ts';
import { BatutaClient } from '../src/batuta-client.ts';
import type { StreamFrame } from '../src/stream-frame.ts';
import { hangUp, json, ScriptedServer, type Answer } from './scripted-server.ts';

const messageId = `msg_${'0'.repeat(26)}`;
const runId = 'run_1';
const text = 'Grüße, 世界! 👋 The answer is forty-two.';

function event<K extends Event['kind']>(seq: number, kind: K, data: Extract<Event, { kind: K }>['data']) {
  const at = '2026-11-21T00:00:00.000Z';
  return {
    id: String(seq),
    event: kind,
    data: { seq, session_id: 'ses_1', run_id: runId, kind, version: 1, at, data },
  };
}

const started = event(1, 'run-started', { agent: 'assistant', definition_hash: 'abc' });
const settled = event(2, 'model-call-settled', {
  message_id: messageId,
  model: 'offline/extractive',
  parts: [{ type: 'text', text }],
  finish_reason: 'stop',
  usage: {
    input_tokens: 1,
    cached_input_tokens: 0,
    cache_write_tokens: 0,
    output_tokens: 1,
    reasoning_tokens: 0,
  },
  cost_micros: 0,
  first_token_ms: 1,
  duration_ms: 2,
});
const succeeded = event(3, 'run-succeeded', { message_id: messageId, text });
const failed = event(3, 'run-failed', { error: { code: 'internal', message: 'x' } });
const retried = event(4, 'run-retried', { attempt: 2, requested_by: 'me' });

function delta(offset: number, piece: string) {
  const id = formatCursor({ seq: 1, messageId, offset: offset + piece.length });
  return { id, event: 'text-delta', data: { message_id: messageId, offset, text: piece } };
}

interface WireFrame {
  id: string;
  event: string;
  data: object;
}

function wire(frames: readonly WireFrame[], begin = 'retry: 3\n\n:\n\n'): string {
  const written = frames.map(
    ({ id, event: kind, data }) => `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`,
  );
  return begin + written.join('');
}

/** What follows a cursor, with the text in pieces of `size`: what the platform would send. */
function framesAfter(cursor: string | undefined, size = 4): WireFrame[] {
  const { seq, offset = 0 } = parseCursor(cursor ?? '0') ?? { seq: 0 };
  const deltas: WireFrame[] = [];
  for (let at = offset; at < text.length; at += size) deltas.push(delta(at, text.slice(at, at + size)));
  if (seq === 0) return [started, ...deltas, settled, succeeded];
  if (seq === 1) return [...deltas, settled, succeeded];
  return seq === 2 ? [succeeded] : [];
}

function stream(frames: readonly WireFrame[]): Answer {
  return (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(wire(frames));
}

let server: ScriptedServer;
let slept: number[];

beforeEach(async () => {
  server = await ScriptedServer.start();
  slept = [];
});
afterEach(() => server.stop());

function connect(): BatutaClient {
  const sleep = async (ms: number) => void slept.push(ms);
  return new BatutaClient({ baseUrl: server.url, key: 'btk_1', sleep, random: () => 1 });
}

async function collect(frames: AsyncIterable<StreamFrame>): Promise<StreamFrame[]> {
  const all: StreamFrame[] = [];
  for await (const frame of frames) all.push(frame);
  return all;
}

function assemble(frames: readonly StreamFrame[]): readonly MessageText[] {
  return frames.reduce<readonly MessageText[]>(assembleText, []);
}

test('the frames of a run come typed, with cursors, until it ends', async () => {
  server.answer(stream(framesAfter(undefined, 100)));
  const frames = await collect(connect().runs.events(runId));
  expect(frames).toEqual([
    { type: 'event', cursor: '1', event: started.data },
    { type: 'text-delta', cursor: `1:${messageId}:${text.length}`, delta: delta(0, text).data },
    { type: 'event', cursor: '2', event: settled.data },
    { type: 'event', cursor: '3', event: succeeded.data },
  ]);
  expect(server.seen).toHaveLength(1);
});

test('whatever connections break, every frame comes once and the text is the same', async () => {
  const cuts = fc.array(fc.nat({ max: 1200 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(cuts, fc.integer({ min: 1, max: 9 }), async (bytes, size) => {
      let connection = 0;
      server.answerAlways((response, request) => {
        const cut = bytes[connection++];
        const whole = Buffer.from(wire(framesAfter(request.headers['last-event-id']?.toString(), size)));
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        if (cut === undefined) return void response.end(whole);
        response.write(whole.subarray(0, cut), () => response.destroy());
      });
      const frames = await collect(connect().runs.events(runId));
      expect(assemble(frames)).toEqual([{ messageId, text, isSettled: true }]);
      const pieces = frames.map((frame) => (frame.type === 'text-delta' ? frame.delta.text : ''));
      expect(pieces.join('')).toBe(text);
      expect(frames.filter(({ type }) => type === 'event')).toHaveLength(3);
    }),
    { numRuns: 60 },
  );
});

test('a broken stream is taken up after the time that the server hinted at', async () => {
  server.answer(stream([started]), stream([settled, succeeded]));
  await collect(connect().runs.events(runId));
  expect(server.seen[1]?.headers['last-event-id']).toBe('1');
  expect(slept).toEqual([3]);
});

test('a stream goes on from a cursor of the caller', async () => {
  server.answer(stream([succeeded]));
  await collect(connect().runs.events(runId, { after: '2' }));
  expect(server.seen[0]?.headers['last-event-id']).toBe('2');
});

test('204 ends a stream: the caller has everything', async () => {
  server.answer((response) => response.writeHead(204).end());
  expect(await collect(connect().runs.events(runId, { after: '3' }))).toEqual([]);
});

test('a failure that was retried is not the end', async () => {
  server.answer(stream([started, failed, retried]), stream([succeeded]));
  const kinds = (await collect(connect().runs.events(runId))).map(({ cursor }) => cursor);
  expect(kinds).toEqual(['1', '3', '4', '3']);
});

test('a bounded number of failures in a row is an error, with longer and longer pauses', async () => {
  server.answerAlways(hangUp);
  const following = collect(connect().runs.events(runId, { maxFailures: 3 }));
  await expect(following).rejects.toMatchObject({ code: 'server-unreachable' });
  expect(server.seen).toHaveLength(4);
  expect(slept).toEqual([1000, 1000, 1000]);
});

test('connections that each bring something are never too many', async () => {
  server.answer(...framesAfter(undefined, 20).map((frame) => stream([frame])));
  const frames = await collect(connect().runs.events(runId, { maxFailures: 1 }));
  expect(frames).toHaveLength(framesAfter(undefined, 20).length);
  expect(server.seen.length).toBeGreaterThan(4);
});

test('what the server refuses is thrown at once', async () => {
  server.answer(json({ code: 'run-unknown', detail: '', data: { id: runId } }, 404));
  await expect(collect(connect().runs.events(runId))).rejects.toMatchObject({ code: 'run-unknown' });
  expect(server.seen).toHaveLength(1);
});

test('a full server is asked again when it said', async () => {
  const data = { limit: 1, retry_after_seconds: 5 };
  server.answer(json({ code: 'streams-full', detail: '', data }, 503), stream([succeeded]));
  await collect(connect().runs.events(runId));
  expect(slept).toEqual([5000]);
});

test('a connection on which nothing moves is given up', async () => {
  server.answer((response) => response.writeHead(200).write(wire([started])), stream([settled, succeeded]));
  const frames = await collect(connect().runs.events(runId, { idleMs: 30 }));
  expect(frames).toHaveLength(3);
});

test('aborting ends the iteration quietly', async () => {
  const controller = new AbortController();
  server.answer((response) => response.writeHead(200).write(wire([started])));
  const seen: string[] = [];
  for await (const { cursor } of connect().sessions.events('ses_1', { signal: controller.signal })) {
    seen.push(cursor);
    controller.abort();
  }
  expect(seen).toEqual(['1']);
});

test('leaving the loop closes the connection', async () => {
  const closed = new Promise((resolve) => {
    server.answer((response) => {
      response.on('close', resolve);
      response.writeHead(200).write(wire([started]));
    });
  });
  for await (const frame of connect().runs.events(runId)) if (frame.type === 'event') break;
  await expect(closed).resolves.toBeUndefined();
});

test('waiting gives the run after its end', async () => {
  server.answer(stream([started]), stream([succeeded]), json({ id: runId, status: 'succeeded' }));
  expect(await connect().runs.wait(runId)).toEqual({ id: runId, status: 'succeeded' });
});

test('text that is sent again from an earlier place does not stand twice', () => {
  const deltas = [delta(0, 'Grüße, '), delta(0, 'Grüße, '), delta(4, 'e, Welt')];
  const frames = deltas.map(({ id, data }): StreamFrame => ({ type: 'text-delta', cursor: id, delta: data }));
  expect(assemble(frames)).toEqual([{ messageId, text: 'Grüße, Welt', isSettled: false }]);
});

test('a reset drops the text of a message, and the pure reducer changes nothing it is given', () => {
  const before = assemble([
    { type: 'text-delta', cursor: '', delta: { message_id: messageId, offset: 0, text: 'Wro' } },
  ]);
  const after = assembleText(before, { type: 'message-reset', cursor: '', reset: { message_id: messageId } });
  expect(after).toEqual([]);
  expect(before).toEqual([{ messageId, text: 'Wro', isSettled: false }]);
});
