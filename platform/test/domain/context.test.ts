import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseBoundary } from '../../src/domain/context/choose-boundary.ts';
import { estimateHistory } from '../../src/domain/context/estimate-tokens.ts';
import { excerptHistory } from '../../src/domain/context/excerpt-history.ts';
import { previewOf } from '../../src/domain/context/preview-result.ts';
import { fold } from '../../src/domain/run/apply.ts';
import { arbitraryLog } from './arbitrary-event.ts';

describe('where a history is cut', () => {
  it('never separates a call from its result', () => {
    fc.assert(
      fc.property(arbitraryLog, fc.nat(100), (log, keep) => {
        const { history } = fold('ses_1', log);
        const boundary = chooseBoundary(history, keep);
        if (boundary === undefined) return;
        const kept = history.filter((item) => item.role !== 'summary' && item.seq >= boundary);
        expect(['user', 'assistant']).toContain(kept[0]?.role);
        const cut = history.filter((item) => item.seq < boundary);
        expect(cut.length).toBeGreaterThan(0);
        expect(estimateHistory(kept)).toBeLessThanOrEqual(estimateHistory(history));
      }),
    );
  });

  it('is not between a call and a result that came after another message', () => {
    const text = (seq: number) =>
      ({
        seq,
        role: 'user',
        messageId: `m${seq}`,
        parts: [{ type: 'text', text: 'x'.repeat(300) }],
      }) as const;
    const call = { type: 'tool-call', call_id: 'c', tool: 't', arguments: '{}' } as const;
    const history = [
      text(1),
      { seq: 2, role: 'assistant', messageId: 'm2', parts: [call] } as const,
      text(3),
      { seq: 4, role: 'tool', callId: 'c', tool: 't', outcome: 'succeeded', content: 'y' } as const,
      text(5),
    ];
    expect([10, 120, 230, 250].map((keep) => chooseBoundary(history, keep))).toEqual([5, 5, 5, 2]);
  });

  it('finds nothing to cut in one message', () => {
    expect(
      chooseBoundary(
        [{ seq: 1, role: 'user', messageId: 'm', parts: [{ type: 'text', text: 'x'.repeat(9000) }] }],
        10,
      ),
    ).toBeUndefined();
  });
});

describe('a preview of a large result', () => {
  it('is never larger than its limit and says where the rest is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 600, maxLength: 3000, unit: 'grapheme' }), (content) => {
        const bytes = Buffer.byteLength(content);
        const preview = previewOf(content, { artifactId: 'art_1', bytes, limit: 1000 });
        expect(Buffer.byteLength(preview)).toBeLessThanOrEqual(1000);
        expect(preview).toContain('art_1');
        expect(preview.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('an excerpt', () => {
  it('is bounded and names what was said', () => {
    const items = Array.from({ length: 500 }, (_, seq) => ({
      seq,
      role: 'tool' as const,
      callId: 'c',
      tool: 'search',
      outcome: 'succeeded' as const,
      content: 'y'.repeat(500),
    }));
    const text = excerptHistory(items);
    expect(text.length).toBeLessThan(8_100);
    expect(text).toContain('Result of search (succeeded)');
  });
});
