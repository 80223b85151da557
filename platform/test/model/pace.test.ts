import { describe, expect, it } from 'vitest';
import { pauseMs, StreamPace } from '../../src/adapter/model-specification/pace.ts';

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

describe('the pace of model streams', () => {
  it('does not slow a process with few streams', () => {
    expect([1, 32].map(pauseMs)).toEqual([0, 0]);
  });

  it('grows with the number of streams, up to what nobody sees', () => {
    expect([100, 400, 5_000].map(pauseMs)).toEqual([10, 40, 50]);
  });

  it('passes everything on in order and counts the stream out', async () => {
    const pace = new StreamPace();
    const texts: string[] = [];
    for await (const piece of pace.read(pieces('a', 'b', 'c'))) {
      texts.push(Buffer.from(piece).toString());
      expect(pace.open).toBe(1);
    }
    expect([texts.join(''), pace.open]).toEqual(['abc', 0]);
  });

  it('counts a stream out that its reader leaves', async () => {
    const pace = new StreamPace();
    for await (const piece of pace.read(pieces('a', 'b'))) {
      if (piece.length > 0) break;
    }
    expect(pace.open).toBe(0);
  });
});
