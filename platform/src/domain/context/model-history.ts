import type { AssistantPart, FilePart, TextPart } from '@batuta/contract';
import type { HistoryItem } from '../run/state.ts';

/** A file that must be loaded before the message can be sent. */
export type UnloadedPart = TextPart | FilePart;

/** A message as it will be sent, with files still by their ids. */
export type HistoryMessage =
  | { role: 'user'; parts: UnloadedPart[] }
  | { role: 'assistant'; parts: AssistantPart[] }
  | { role: 'tool'; results: { callId: string; tool: string; isError: boolean; content: string }[] };

/** What a call without a result is given. */
export const interruptedContent = 'This call was interrupted: it has no result.';

/**
 * The history as messages that every provider accepts: each tool call is followed by exactly one result, results stand together
 * behind the answer that asked for them, and nothing else stands between. Total: any history gives such messages.
 */
export function modelHistory(history: readonly HistoryItem[]): HistoryMessage[] {
  const messages: HistoryMessage[] = [];
  let open: OpenAnswer | null = null;
  for (const item of history) {
    if (item.role === 'tool') {
      open?.results.set(item.callId, { isError: item.outcome !== 'succeeded', content: item.content });
      continue;
    }
    closeAnswer(messages, open);
    open = null;
    if (item.role === 'assistant') {
      open = startAnswer(messages, item.parts);
    } else {
      pushUser(messages, item);
    }
  }
  closeAnswer(messages, open);
  return messages;
}

interface OpenAnswer {
  calls: { call_id: string; tool: string }[];
  results: Map<string, { isError: boolean; content: string }>;
}

function startAnswer(messages: HistoryMessage[], parts: readonly AssistantPart[]): OpenAnswer | null {
  // An answer without anything in it is refused by providers.
  if (parts.length === 0) return null;
  messages.push({ role: 'assistant', parts: [...parts] });
  return { calls: parts.filter((part) => part.type === 'tool-call'), results: new Map() };
}

function closeAnswer(messages: HistoryMessage[], open: OpenAnswer | null): void {
  if (!open || open.calls.length === 0) return;
  const results = open.calls.map(({ call_id: callId, tool }) => ({
    callId,
    tool,
    ...(open.results.get(callId) ?? { isError: true, content: interruptedContent }),
  }));
  messages.push({ role: 'tool', results });
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
