import type { HistoryItem } from '../run/state.ts';
import { estimateItem } from './estimate-tokens.ts';

/**
 * Where a history can be cut so that at most about `keepTokens` stay: the place in the log of the first message that is kept.
 * A cut never separates a tool call from its result, so it is only made before a user's message or before an answer.
 * Undefined when nothing can be cut.
 */
export function chooseBoundary(history: readonly HistoryItem[], keepTokens: number): number | undefined {
  let kept = 0;
  let boundary: number | undefined;
  for (const [index, item] of [...history.entries()].toReversed()) {
    kept += estimateItem(item);
    if (kept > keepTokens && boundary !== undefined) break;
    if (index > 0 && isSafeStart(item)) boundary = item.seq;
  }
  return boundary !== undefined && cutsSomething(history, boundary) ? boundary : undefined;
}

function isSafeStart(item: HistoryItem): boolean {
  return item.role === 'user' || item.role === 'assistant';
}

function cutsSomething(history: readonly HistoryItem[], boundary: number): boolean {
  return history.some((item) => item.seq < boundary && item.role !== 'summary');
}
