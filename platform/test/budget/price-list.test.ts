import { noUsage } from '@batuta/contract';
import { expect, test } from 'vitest';
import { createPriceList } from '../../src/adapter/price-list/genai-price-list.ts';

const now = () => Date.parse('2026-11-21T12:00:00Z');
const million = { ...noUsage, input_tokens: 1_000_000 };

test('a price of the operator holds by its pattern, the longest first, before all that is known', () => {
  const own = {
    '*': { input: 9, output: 9 },
    'house/*': { input: 1, output: 2 },
    'house/big-*': { input: 5, output: 6 },
    'house/big-one': { input: 7, output: 8 },
  };
  const prices = createPriceList({ own, now });
  const costs = [
    'house/small',
    'house/big-two',
    'house/big-one',
    'anthropic/claude-sonnet-4-5',
    'ollama/llama',
  ];
  expect(costs.map((reference) => prices.cost(reference, million))).toEqual(
    [1, 5, 7, 9, 9].map((usd) => usd * 1_000_000),
  );
});

test('a model that nobody gave a price has none', () => {
  const prices = createPriceList({ now });
  expect(prices.cost('house/llama', million)).toBeNull();
  expect(prices.worstCost('house/llama', { input: 1, output: 1 })).toBeNull();
  expect(prices.worstCost('ollama/llama', { input: 1, output: 1 })).toBe(0);
});

test('the worst cost counts on no cache, and on writing one where that is dearer', () => {
  const prices = createPriceList({ now });
  const reference = 'anthropic/claude-sonnet-4-5';
  const cost = prices.cost(reference, { ...million, input_tokens: 100_000, output_tokens: 1000 }) ?? 0;
  const cached = { ...noUsage, input_tokens: 100_000, cached_input_tokens: 100_000, output_tokens: 1000 };
  expect(prices.cost(reference, cached)).toBeLessThan(cost);
  const worst = prices.worstCost(reference, { input: 100_000, output: 1000 }) ?? 0;
  const written = { ...noUsage, input_tokens: 100_000, cache_write_tokens: 100_000, output_tokens: 1000 };
  expect(worst).toBe(prices.cost(reference, written));
  expect(worst).toBeGreaterThan(cost);
});

test('a price of the operator with a price for cached input still counts on none', () => {
  const prices = createPriceList({ own: { 'house/*': { input: 4, output: 8, cachedInput: 1 } }, now });
  expect(prices.worstCost('house/a', { input: 1000, output: 10 })).toBe(4080);
});
