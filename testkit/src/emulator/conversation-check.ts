import type { EmulatedMessage } from './conversation.ts';
import type { EmulatedRequest } from './emulated-request.ts';

/**
 * What a provider would refuse in a conversation, in its own words; nothing when it would take it. Every tool call needs its
 * result and every result its call: at once for most wires, anywhere for Responses, not at all for Ollama.
 */
export function refusalOf(request: EmulatedRequest): string | undefined {
  switch (request.wire) {
    case 'ollama':
      return undefined;
    case 'openai-responses':
      return remembersElsewhere(request) ? undefined : unpairedAnywhere(request.messages);
    case 'anthropic':
    case 'openai-chat':
    case 'google':
      return unpairedNeighbours(request);
  }
}

/** With these fields the calls may be in what the provider remembers. */
function remembersElsewhere({ body }: EmulatedRequest): boolean {
  return typeof body['previous_response_id'] === 'string' || (body['conversation'] ?? null) !== null;
}

function unpairedAnywhere(messages: readonly EmulatedMessage[]): string | undefined {
  const calls = new Set(messages.flatMap((message) => message.toolCalls.map((call) => call.id)));
  const results = new Set(messages.flatMap((message) => message.toolResults.map((result) => result.callId)));
  const unanswered = [...calls].find((id) => !results.has(id));
  if (unanswered !== undefined) return `No tool output found for function call ${unanswered}.`;
  const orphan = [...results].find((id) => !calls.has(id));
  return orphan === undefined
    ? undefined
    : `No tool call found for function call output with call_id ${orphan}.`;
}

function unpairedNeighbours({ messages, wire }: EmulatedRequest): string | undefined {
  for (const [index, message] of messages.entries()) {
    const called = message.toolCalls.map((call) => call.id);
    const answered = messages[index + 1]?.toolResults.map((result) => result.callId) ?? [];
    const unanswered = called.filter((id) => !answered.includes(id));
    if (unanswered.length > 0) return words[wire]?.unanswered(unanswered.join(', '), index);
    const asked = messages[index - 1]?.toolCalls.map((call) => call.id) ?? [];
    const orphan = message.toolResults.find((result) => !asked.includes(result.callId));
    if (orphan !== undefined) return words[wire]?.orphan(orphan.callId, index);
  }
  return undefined;
}

interface Words {
  unanswered: (ids: string, index: number) => string;
  orphan: (id: string, index: number) => string;
}

const googleWords =
  'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.';

const words: Readonly<Record<string, Words>> = {
  anthropic: {
    unanswered: (ids, index) =>
      `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
    orphan: (id, index) =>
      `messages.${index}.content.0: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
  },
  'openai-chat': {
    unanswered: (ids) =>
      `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids}`,
    orphan: () =>
      "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
  },
  google: { unanswered: () => googleWords, orphan: () => googleWords },
};
