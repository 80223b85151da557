import type { AssistantPart, FilePart, TextPart, ToolCallPart } from '@batuta/contract';
import type { HistoryItem } from '../run/state.ts';
import { callIdsOf, pairResults, type AnswerItem, type ResultItem } from './pair-results.ts';

/** A file that must be loaded before the message can be sent. */
export type UnloadedPart = TextPart | FilePart;

/** A message as it will be sent, with files still by their ids. */
export type HistoryMessage =
  | { role: 'user'; parts: UnloadedPart[] }
  | { role: 'assistant'; parts: AssistantPart[] }
  | { role: 'tool'; results: CallResult[] };

interface CallResult {
  callId: string;
  tool: string;
  isError: boolean;
  content: string;
}

/** What a call without a result is given. */
export const interruptedContent = 'This call was interrupted: it has no result.';

/**
 * The history as messages that every provider accepts: each tool call is followed by exactly one result, results stand together
 * behind the answer that asked for them, and nothing else stands between: what was said before the results came follows them.
 * Total: any history gives such messages.
 */
export function modelHistory(history: readonly HistoryItem[]): HistoryMessage[] {
  const results = pairResults(history);
  const messages: HistoryMessage[] = [];
  for (const item of history) {
    if (item.role === 'assistant') messages.push(...answerMessages(item, results.get(item) ?? new Map()));
    else if (item.role !== 'tool') pushUser(messages, item);
  }
  return messages;
}

/** The messages of answers, with the results that they were made of. */
const madeMessages = new WeakMap<
  AnswerItem,
  { results: (ResultItem | undefined)[]; messages: HistoryMessage[] }
>();

/** The same objects in every turn as long as the results are the same: what adapters make of a message they make once. */
function answerMessages(item: AnswerItem, results: ReadonlyMap<string, ResultItem>): HistoryMessage[] {
  const present = callIdsOf(item).map((callId) => results.get(callId));
  const known = madeMessages.get(item);
  if (known?.results.every((result, index) => result === present[index])) return known.messages;
  const messages = makeMessages(item.parts, results);
  madeMessages.set(item, { results: present, messages });
  return messages;
}

function makeMessages(
  parts: readonly AssistantPart[],
  results: ReadonlyMap<string, ResultItem>,
): HistoryMessage[] {
  // An answer without anything in it is refused by providers.
  if (parts.length === 0) return [];
  const answer: HistoryMessage = { role: 'assistant', parts: [...parts] };
  const calls = parts.filter((part) => part.type === 'tool-call');
  if (calls.length === 0) return [answer];
  return [answer, { role: 'tool', results: calls.map((call) => resultOf(call, results.get(call.call_id))) }];
}

function resultOf({ call_id: callId, tool }: ToolCallPart, result: ResultItem | undefined): CallResult {
  return result
    ? { callId, tool, isError: result.outcome !== 'succeeded', content: result.content }
    : { callId, tool, isError: true, content: interruptedContent };
}

function pushUser(
  messages: HistoryMessage[],
  item: Exclude<HistoryItem, { role: 'tool' | 'assistant' }>,
): void {
  const parts: UnloadedPart[] = item.role === 'user' ? [...item.parts] : [{ type: 'text', text: wrap(item) }];
  const last = messages.at(-1);
  // Two messages of the user in a row become one: some providers want the roles to alternate.
  if (last?.role === 'user') last.parts.push(...parts);
  else messages.push({ role: 'user', parts });
}

function wrap(item: { role: 'notice' | 'summary'; text: string }): string {
  return item.role === 'notice'
    ? `[Notice of the platform, not of the user] ${item.text}`
    : `[Summary of the conversation so far]\n${item.text}`;
}
