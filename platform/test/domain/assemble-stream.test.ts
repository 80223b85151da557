import { parseCursor, type Event, type NewEvent } from '@batuta/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StreamAssembler, type StreamItem } from '../../src/domain/stream/assemble-stream.ts';
import { placed } from './arbitrary-event.ts';

const usage = {
  input_tokens: 0,
  cached_input_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
};
const id = (letter: string) => `msg_${letter.repeat(26)}`;

function answer(messageId: string, text: string): NewEvent {
  const data = {
    message_id: messageId,
    model: 'm',
    parts: [{ type: 'text' as const, text }],
    finish_reason: 'stop' as const,
  };
  return {
    kind: 'model-call-settled',
    data: { ...data, usage, cost_micros: 0, first_token_ms: 0, duration_ms: 0 },
  };
}

/** What a client has that only concatenates deltas and drops what is reset. A hole or an overlap shows as NUL. */
function texts(items: readonly StreamItem[]): Record<string, string> {
  const result: Record<string, string> = {};
  for (const item of items) {
    if ('delta' in item) {
      const before = result[item.delta.message_id] ?? '';
      const hole = '\u0000'.repeat(Math.abs(item.delta.offset - before.length));
      result[item.delta.message_id] = before + hole + item.delta.text;
    }
    if ('reset' in item) delete result[item.reset.message_id];
  }
  return result;
}

/** Plays a stream of pieces and its log to a client that reconnects (with the cursor as text) before each of the given steps. */
function play(
  steps: { pieces: string[]; messageId: string; event: Event }[],
  reconnectAt: Set<number>,
): StreamItem[] {
  const items: StreamItem[] = [];
  let assembler = new StreamAssembler({ seq: 0 });
  let step = 0;
  const tick = () => {
    if (reconnectAt.has(step)) assembler = new StreamAssembler(parseCursor(assembler.cursorText)!);
    step += 1;
  };
  for (const { pieces, messageId, event } of steps) {
    let offset = 0;
    for (const text of pieces) {
      tick();
      const taken = assembler.partial({ afterSeq: event.seq - 1, messageId, offset, text });
      if (taken.outcome === 'taken') items.push(...taken.items);
      offset += text.length;
    }
    tick();
    items.push(...assembler.event(event));
  }
  return items;
}

describe('a stream', () => {
  const pieces = fc.array(fc.string({ minLength: 1, maxLength: 5, unit: 'grapheme' }), {
    minLength: 1,
    maxLength: 8,
  });

  it('gives each character exactly once to a client that reconnects anywhere', () => {
    fc.assert(
      fc.property(
        fc.tuple(pieces, pieces),
        fc.uniqueArray(fc.nat(20)),
        fc.boolean(),
        ([first, second], cuts, lossy) => {
          const [one, two] = placed([answer(id('1'), first.join('')), answer(id('2'), second.join(''))]);
          // A lossy bus never delivers the last piece: the rest comes with the event.
          const heard = lossy ? first.slice(0, -1) : first;
          const steps = [
            { pieces: heard, messageId: id('1'), event: one! },
            { pieces: second, messageId: id('2'), event: two! },
          ];
          expect(texts(play(steps, new Set(cuts)))).toEqual({
            [id('1')]: first.join(''),
            [id('2')]: second.join(''),
          });
        },
      ),
    );
  });

  it('takes back the text of a message that another one replaced', () => {
    const assembler = new StreamAssembler({ seq: 0 });
    const lost = assembler.partial({ afterSeq: 0, messageId: id('1'), offset: 0, text: 'lost' });
    expect(lost.outcome).toBe('taken');
    const items = assembler.event(placed([answer(id('2'), 'kept')])[0]!);
    expect(items.map((item) => Object.keys(item)[1])).toEqual(['reset', 'delta', 'event']);
  });

  it('asks for what is missing instead of leaving a hole', () => {
    const assembler = new StreamAssembler({ seq: 0 });
    expect(assembler.partial({ afterSeq: 0, messageId: id('1'), offset: 3, text: 'x' }).outcome).toBe('gap');
    expect(assembler.partial({ afterSeq: 2, messageId: id('1'), offset: 0, text: 'x' }).outcome).toBe('gap');
  });

  it('ignores text of a message that the log has overtaken', () => {
    const assembler = new StreamAssembler({ seq: 5 });
    expect(assembler.partial({ afterSeq: 4, messageId: id('1'), offset: 0, text: 'x' }).outcome).toBe(
      'stale',
    );
  });

  it('drops unfinished text when the run ends without it', () => {
    const assembler = new StreamAssembler({ seq: 0 });
    assembler.partial({ afterSeq: 0, messageId: id('1'), offset: 0, text: 'half' });
    const end = placed([{ kind: 'run-cancelled', data: { reason: 'r', cancelled_by: 'b' } }])[0]!;
    expect(assembler.event(end)[0]).toMatchObject({ reset: { message_id: id('1') } });
  });
});
