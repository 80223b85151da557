import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readServerSentEvents, type ServerSentItem } from '../src/read-server-sent-events.ts';

async function read(pieces: readonly Uint8Array[]): Promise<ServerSentItem[]> {
  async function* body() {
    yield* pieces;
  }
  const items: ServerSentItem[] = [];
  for await (const item of readServerSentEvents(body())) items.push(item);
  return items;
}

const source =
  ':\n\nretry: 20\r\nid: 1\r\nevent: a\r\ndata: ü€\r\n\r\ndata:two\rdata\rdata: lines\r\rid: 9\ndata: cut';

const expected: ServerSentItem[] = [
  { type: 'comment' },
  { type: 'retry', ms: 20 },
  { type: 'event', id: '1', event: 'a', data: 'ü€' },
  { type: 'event', id: '1', event: '', data: 'two\n\nlines' },
];

test('events are read with every kind of line end, and one that was cut off is dropped', async () => {
  expect(await read([new TextEncoder().encode(source)])).toEqual(expected);
});

test('it does not matter how the bytes were cut into pieces', async () => {
  const bytes = new TextEncoder().encode(source);
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat({ max: bytes.length })), async (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
      expect(await read(pieces)).toEqual(expected);
    }),
  );
});
