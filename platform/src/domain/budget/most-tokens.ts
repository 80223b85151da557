import type { AssistantPart, UserPart } from '@batuta/contract';
import type { HistoryItem } from '../run/state.ts';

/** UTF-8 bytes that make a token at least: tokenizers give 3.5 to 4.5 for Latin text, about 3 for JSON and for Chinese. */
const bytesPerToken = 3;

/** Tokens that the wrapping of one message takes. */
const messageOverhead = 8;

/** Upper end of what images cost. What other files cost depends on their content, so it is not known: the whole context. */
const imageTokens = 1600;

const known = new WeakMap<HistoryItem, number>();

/** Tokens that a history takes at most, before any margin; infinite with a file that may fill the whole context. */
export function mostTokensOfHistory(history: readonly HistoryItem[]): number {
  let total = 0;
  for (const item of history) total += mostTokensOfItem(item);
  return total;
}

/** Tokens that a text takes at most, before any margin. */
export function mostTokensOfText(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}

/** Items never change, so each is measured once. */
function mostTokensOfItem(item: HistoryItem): number {
  const measured = known.get(item);
  if (measured !== undefined) return measured;
  const tokens = messageOverhead + contentTokens(item);
  known.set(item, tokens);
  return tokens;
}

function contentTokens(item: HistoryItem): number {
  switch (item.role) {
    case 'summary':
    case 'notice':
      return mostTokensOfText(item.text);
    case 'tool':
      return mostTokensOfText(item.content);
    case 'user':
      return mostTokensOfParts(item.parts);
    case 'assistant':
      return item.parts.reduce((sum, part) => sum + answerTokens(part), 0);
  }
}

function mostTokensOfParts(parts: readonly UserPart[]): number {
  return parts.reduce((sum, part) => sum + partTokens(part), 0);
}

function partTokens(part: UserPart): number {
  if (part.type === 'text') return mostTokensOfText(part.text);
  return part.media_type.startsWith('image/') ? imageTokens : Number.POSITIVE_INFINITY;
}

function answerTokens(part: AssistantPart): number {
  const data =
    'provider_data' in part && part.provider_data !== undefined ? JSON.stringify(part.provider_data) : '';
  const text = part.type === 'tool-call' ? part.tool + part.arguments : part.text;
  return mostTokensOfText(text) + mostTokensOfText(data) + (part.type === 'tool-call' ? messageOverhead : 0);
}
