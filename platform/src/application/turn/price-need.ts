import type { Cover } from '../../domain/budget/cover-run.ts';
import { worstCase, type CallNeed } from '../../domain/budget/worst-case.ts';
import type { PriceList } from '../../port/model.ts';

/** A need as far as money is concerned. */
export type PricedNeed =
  /** No budget covers it, or it costs nothing. */
  | { kind: 'free'; refused: readonly string[] }
  | { kind: 'priced'; need: CallNeed; refused: readonly string[] }
  /** Under a hard budget, and nobody knows what any of its models costs. */
  | { kind: 'unpriced'; budget: string; model: string };

/** Leaves out models without a known price where a hard budget covers the call: what they cost could not be held to a limit. */
export function priceNeed(prices: PriceList, need: CallNeed, covers: readonly Cover[]): PricedNeed {
  if (covers.length === 0 || need.models.length === 0) return { kind: 'free', refused: [] };
  const hard = covers.find(({ strictest }) => strictest !== null)?.strictest;
  if (!hard) return free(prices, need, []);
  const [priced, unpriced] = byPrice(prices, need);
  const [first] = unpriced;
  if (first && priced.length === 0) return { kind: 'unpriced', budget: hard.name, model: first.reference };
  return free(
    prices,
    { ...need, models: priced },
    unpriced.map(({ reference }) => reference),
  );
}

/** What costs nothing needs no money. */
function free(prices: PriceList, need: CallNeed, refused: readonly string[]): PricedNeed {
  const worst = worstCase(need, prices);
  return worst === null || worst.micros === 0 ? { kind: 'free', refused } : { kind: 'priced', need, refused };
}

function byPrice(prices: PriceList, { models }: CallNeed) {
  const priced: CallNeed['models'][number][] = [];
  const unpriced: CallNeed['models'][number][] = [];
  for (const model of models) {
    const cost = prices.worstCost(model.reference, { input: 0, output: 0 });
    (cost === null ? unpriced : priced).push(model);
  }
  return [priced, unpriced] as const;
}
