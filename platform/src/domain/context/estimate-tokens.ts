import type { HistoryItem } from '../run/state.ts';

/**
 * Tokens that a text takes at most, roughly: 3 characters a token for text of the Latin alphabet. Real tokenizers give 3.5 to 4.5
 * characters for English, Spanish and Portuguese, about 3 for JSON; being a little too high compacts a little too early.
 */
export const charactersPerToken = 3;

/** Tokens that the wrapping of one message takes. */
const messageOverhead = 8;

/** A file's tokens are the provider's secret; this is the upper end of what images cost. */
const fileTokens = 1600;

/** Estimated tokens of one message. */
export function estimateItem(item: HistoryItem): number {
  return messageOverhead + Math.ceil(characters(item) / charactersPerToken) + fileCount(item) * fileTokens;
}

/** Estimated tokens of a text. */
export function estimateText(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

/** Estimated tokens of a whole history. */
export function estimateHistory(history: readonly HistoryItem[]): number {
  let total = 0;
  for (const item of history) total += estimateItem(item);
  return total;
}

function characters(item: HistoryItem): number {
  switch (item.role) {
    case 'summary':
    case 'notice':
      return item.text.length;
    case 'tool':
      return item.content.length;
    case 'user':
      return sum(item.parts, (part) => (part.type === 'text' ? part.text.length : 0));
    case 'assistant':
      return sum(item.parts, (part) =>
        part.type === 'tool-call' ? part.arguments.length + 32 : part.text.length,
      );
  }
}

function fileCount(item: HistoryItem): number {
  return item.role === 'user' ? item.parts.filter((part) => part.type === 'file').length : 0;
}

function sum<T>(items: readonly T[], size: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += size(item);
  return total;
}
