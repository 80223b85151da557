import type { HistoryItem } from '../run/state.ts';

/** An answer of a model in the history. */
export type AnswerItem = Extract<HistoryItem, { role: 'assistant' }>;
/** The result of a call in the history. */
export type ResultItem = Extract<HistoryItem, { role: 'tool' }>;

/**
 * The results of each answer's calls by call id, wherever they stand: a message that steers the run, or the end of a long wait, may
 * lie between a call and its result. A result belongs to the last answer before it that asked for it; the first result of a call
 * stands, and one that nobody asked for belongs to none.
 */
export function pairResults(history: readonly HistoryItem[]): Map<AnswerItem, Map<string, ResultItem>> {
  const results = new Map<AnswerItem, Map<string, ResultItem>>();
  const askedBy = new Map<string, AnswerItem>();
  for (const item of history) {
    if (item.role === 'assistant') {
      results.set(item, new Map());
      for (const callId of callIdsOf(item)) askedBy.set(callId, item);
    } else if (item.role === 'tool') {
      const answer = askedBy.get(item.callId);
      const known = answer && results.get(answer);
      if (known && !known.has(item.callId)) known.set(item.callId, item);
    }
  }
  return results;
}

const knownIds = new WeakMap<AnswerItem, readonly string[]>();

/** Ids of the calls that an answer asks for. Asked in every turn about the whole history, so they are kept. */
export function callIdsOf(answer: AnswerItem): readonly string[] {
  const known = knownIds.get(answer);
  if (known !== undefined) return known;
  const ids = answer.parts.flatMap((part) => (part.type === 'tool-call' ? [part.call_id] : []));
  knownIds.set(answer, ids);
  return ids;
}
