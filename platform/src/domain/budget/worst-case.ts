import type { PriceList } from '../../port/model.ts';

/** A model call as far as its price depends on it. */
export interface CallNeed {
  /** Every model that may be asked, with the size of its context. */
  models: readonly { reference: string; contextTokens: number }[];
  /** Estimated, with its margin; may be infinite. */
  inputTokens: number;
  /** Longest answer that is wanted. */
  outputTokens: number;
  /** A shorter one is of no use. */
  leastOutputTokens: number;
}

/** What a call can cost at most. */
export interface WorstCase {
  micros: number;
  /** The dearest model. */
  model: string;
  /** Longest answer that this pays for. */
  outputTokens: number;
}

/** What a call can cost at most with an answer of this length; null when no model of it has a known price. */
export function worstCase(need: CallNeed, prices: PriceList): WorstCase | null {
  let worst: WorstCase | null = null;
  for (const { reference, contextTokens } of need.models) {
    const input = Math.min(need.inputTokens, contextTokens);
    const output = Math.min(need.outputTokens, contextTokens);
    const micros = prices.worstCost(reference, { input: Math.ceil(input), output });
    if (micros === null || (worst !== null && worst.micros >= micros)) continue;
    worst = { micros, model: reference, outputTokens: need.outputTokens };
  }
  return worst;
}

/**
 * The same with an answer as long as `room` pays for, when the wanted length costs more: a budget is used to its end, and a limit
 * below the price of the longest answer is no dead end. Null when not even the shortest useful answer fits.
 */
export function fitInto(room: number, need: CallNeed, prices: PriceList): WorstCase | null {
  const withOutput = (outputTokens: number) => worstCase({ ...need, outputTokens }, prices);
  const fits = (found: WorstCase | null) => found !== null && found.micros <= room;
  const wanted = withOutput(need.outputTokens);
  if (fits(wanted)) return wanted;
  const shortest = withOutput(need.leastOutputTokens);
  if (!fits(shortest)) return null;
  let found = shortest;
  let [paid, tooLong] = [need.leastOutputTokens, need.outputTokens];
  while (tooLong - paid > 1) {
    const middle = Math.floor((paid + tooLong) / 2);
    const tried = withOutput(middle);
    if (fits(tried)) [found, paid] = [tried, middle];
    else tooLong = middle;
  }
  return found;
}

/** The least that a call can be made with, at most. */
export function leastCost(need: CallNeed, prices: PriceList): number {
  return worstCase({ ...need, outputTokens: need.leastOutputTokens }, prices)?.micros ?? 0;
}
