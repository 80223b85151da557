import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mostTokensOfHistory, mostTokensOfText } from '../../src/domain/budget/most-tokens.ts';
import { fitInto, leastCost, worstCase, type CallNeed } from '../../src/domain/budget/worst-case.ts';
import type { PriceList } from '../../src/port/model.ts';

/** Dollars per million tokens, input and output. */
const rates: Record<string, [number, number]> = { 'a/cheap': [1, 2], 'a/dear': [3, 15], 'a/free': [0, 0] };
const prices: PriceList = {
  cost: () => 0,
  worstCost: (reference, { input, output }) => {
    const rate = rates[reference];
    return rate ? input * rate[0] + output * rate[1] : null;
  },
};
const model = (reference: string, contextTokens = 100_000) => ({ reference, contextTokens });
const need: CallNeed = {
  models: [model('a/cheap'), model('a/dear'), model('a/unknown')],
  inputTokens: 1000,
  outputTokens: 500,
  leastOutputTokens: 100,
};

describe('the most that a call can cost', () => {
  test('is that of the dearest model of the chain', () => {
    expect(worstCase(need, prices)).toEqual({ micros: 10_500, model: 'a/dear', outputTokens: 500 });
  });

  test('is bounded by what fits into the model', () => {
    const whole = { ...need, models: [model('a/dear', 2000)], inputTokens: Number.POSITIVE_INFINITY };
    expect(worstCase(whole, prices)?.micros).toBe(2000 * 3 + 500 * 15);
  });

  test('is not known when no model has a price', () => {
    expect(worstCase({ ...need, models: [model('a/unknown')] }, prices)).toBeNull();
  });

  test('fits into what is left by a shorter answer, down to the shortest that is of use', () => {
    expect(fitInto(10_500, need, prices)?.outputTokens).toBe(500);
    expect(fitInto(6000, need, prices)).toEqual({ micros: 6000, model: 'a/dear', outputTokens: 200 });
    expect(fitInto(leastCost(need, prices), need, prices)?.outputTokens).toBe(100);
    expect(fitInto(leastCost(need, prices) - 1, need, prices)).toBeNull();
  });

  test('never passes what is left, and is never needlessly short', () => {
    const property = fc.property(fc.nat(20_000), fc.nat(3000), (room, inputTokens) => {
      const found = fitInto(room, { ...need, inputTokens }, prices);
      if (!found) return leastCost({ ...need, inputTokens }, prices) > room;
      const longer = worstCase({ ...need, inputTokens, outputTokens: found.outputTokens + 1 }, prices);
      return found.micros <= room && (found.outputTokens === 500 || (longer?.micros ?? 0) > room);
    });
    expect(() => fc.assert(property)).not.toThrow();
  });
});

describe('the most tokens of', () => {
  test('a text follow its bytes, not its characters', () => {
    expect(mostTokensOfText('abcdef')).toBe(2);
    expect(mostTokensOfText('漢字漢字')).toBe(4);
    expect(mostTokensOfText('🎵🎵🎵')).toBe(4);
  });

  test('a file that is no image are not known', () => {
    const file = (media_type: string) => ({
      seq: 1,
      role: 'user' as const,
      messageId: 'msg_1',
      parts: [{ type: 'file' as const, artifact_id: 'art_1', media_type }],
    });
    expect(mostTokensOfHistory([file('application/pdf')])).toBe(Number.POSITIVE_INFINITY);
    expect(mostTokensOfHistory([file('image/png')])).toBe(1608);
  });
});
