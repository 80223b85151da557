import type { HistoryItem } from '../run/state.ts';
import { estimateItem } from './estimate-tokens.ts';
import { pairResults } from './pair-results.ts';

/**
 * Where a history can be cut so that at most about `keepTokens` stay: the place in the log of the first message that is kept.
 * A cut never separates a tool call from its result: it is only made before a user's message or before an answer, and not
 * between a call and a result that came later. Undefined when nothing can be cut.
 */
export function chooseBoundary(history: readonly HistoryItem[], keepTokens: number): number | undefined {
  const pairs = pairedPlaces(history);
  let kept = 0;
  let boundary: number | undefined;
  for (const [index, item] of [...history.entries()].toReversed()) {
    kept += estimateItem(item);
    if (kept > keepTokens && boundary !== undefined) break;
    if (index > 0 && isSafeStart(item, pairs)) boundary = item.seq;
  }
  return boundary !== undefined && cutsSomething(history, boundary) ? boundary : undefined;
}

interface PairedPlaces {
  answer: number;
  lastResult: number;
}

function pairedPlaces(history: readonly HistoryItem[]): PairedPlaces[] {
  return [...pairResults(history)].map(([answer, results]) => ({
    answer: answer.seq,
    lastResult: Math.max(answer.seq, ...[...results.values()].map((result) => result.seq)),
  }));
}

function isSafeStart(item: HistoryItem, pairs: readonly PairedPlaces[]): boolean {
  if (item.role !== 'user' && item.role !== 'assistant') return false;
  return !pairs.some((pair) => pair.answer < item.seq && item.seq <= pair.lastResult);
}

function cutsSomething(history: readonly HistoryItem[], boundary: number): boolean {
  return history.some((item) => item.seq < boundary && item.role !== 'summary');
}
