import type { ScriptedAnswer } from '@batuta/testkit/model';
import type { TestPlatformOptions } from '@batuta/testkit/platform';
import { expect } from 'vitest';
import type { ModelRequest } from '@batuta/platform/ports';

/** A model that asks for these calls in its first answer of a conversation and says "Done." once it has their results. */
export function callOnce(...calls: { tool: string; arguments?: object; callId?: string }[]) {
  return (request: ModelRequest): ScriptedAnswer =>
    request.messages.some((message) => message.role === 'tool') ? { text: 'Done.' } : { calls };
}

/** What a model was told of its calls, in the last message that has results. */
export function lastResults(request: ModelRequest | undefined): { content: string; isError: boolean }[] {
  const message = request?.messages.findLast((each) => each.role === 'tool');
  return message?.role === 'tool' ? message.results : [];
}

/** All that users said, as the model was asked. */
export function userTexts(request: ModelRequest | undefined): string[] {
  const users = request?.messages.filter((message) => message.role === 'user') ?? [];
  return users.flatMap(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : '[file]')));
}

const agents = [
  { tools: ['agent:helper', 'ask_user'] },
  { name: 'helper', instructions: 'Help.', tools: ['ask_user', 'write'] },
];

type Answer = (request: ModelRequest) => ScriptedAnswer | Promise<ScriptedAnswer>;

/** The agent `assistant`, which delegates to `helper`; their models are told apart by the instructions. */
export function family(parent: Answer, child: Answer): Pick<TestPlatformOptions, 'agents' | 'model'> {
  return {
    agents,
    model: (request) => (request.instructions === 'Help.' ? child(request) : parent(request)),
  };
}

/** Checks that every call is followed by exactly its results, as providers want it. */
export function expectSendable(messages: readonly { role: string }[]): void {
  for (const [index, message] of messages.entries()) {
    const next: unknown = messages[index + 1];
    if (message.role !== 'assistant' || !('parts' in message) || !Array.isArray(message.parts)) continue;
    const calls = message.parts.flatMap((part) => (part.type === 'tool-call' ? [part.call_id] : []));
    if (calls.length === 0) continue;
    expect(next).toMatchObject({ role: 'tool', results: calls.map((callId) => ({ callId })) });
  }
}
