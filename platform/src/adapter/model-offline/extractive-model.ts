import { createHash } from 'node:crypto';
import type { ToolCallPart } from '@batuta/contract';
import type { LanguageModel, ModelAnswer, ModelMessage, ModelRequest } from '../../port/model.ts';
import { estimateUsage } from '../model-specification/estimate-usage.ts';
import { chooseCalls, type ChosenCall } from './choose-calls.ts';
import { composeAnswer } from './compose-answer.ts';

/** What was done since the last message of the user. */
interface Turn {
  question: string;
  calls: ToolCallPart[];
  results: Extract<ModelMessage, { role: 'tool' }>['results'];
}

/**
 * `offline/extractive`: a stand-in for a language model. It calls the tools that the last message asks for by its shape and
 * words, then quotes what they returned. The same request always gives the same answer.
 */
export function createExtractiveModel(contextTokens: number): LanguageModel {
  return {
    reference: 'offline/extractive',
    provider: 'offline',
    contextTokens,
    async call(request, sink, signal) {
      signal.throwIfAborted();
      const turn = readTurn(request.messages);
      const calls = newCalls(request, turn);
      if (calls.length > 0) {
        return { parts: calls, finishReason: 'tool-calls', usage: estimateUsage(request, calls) };
      }
      const text = composeAnswer({ question: turn.question, results: turn.results, request });
      for (const word of text.match(/\s*\S+\s*/g) ?? []) sink.text(word);
      return finalAnswer(request, text);
    },
  };
}

function finalAnswer(request: ModelRequest, text: string): ModelAnswer {
  const parts: ModelAnswer['parts'] = [{ type: 'text', text }];
  return { parts, finishReason: 'stop', usage: estimateUsage(request, parts) };
}

function readTurn(messages: readonly ModelMessage[]): Turn {
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const question = messages[last];
  const after = messages.slice(last + 1);
  return {
    question:
      question?.role === 'user'
        ? question.parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n')
        : '',
    calls: after.flatMap((message) =>
      message.role === 'assistant' ? message.parts.filter((part) => part.type === 'tool-call') : [],
    ),
    results: after.flatMap((message) => (message.role === 'tool' ? message.results : [])),
  };
}

/** Calls that were not made yet for this question. */
function newCalls(request: ModelRequest, turn: Turn): ToolCallPart[] {
  if (turn.results.length > 0) return [];
  const made = new Set(turn.calls.map((call) => `${call.tool} ${call.arguments}`));
  return chooseCalls(turn.question, request.tools)
    .map((call) => ({ ...call, text: JSON.stringify(call.arguments) }))
    .filter(({ tool, text }) => !made.has(`${tool} ${text}`))
    .map((call) => toPart(request.messages, call));
}

/** The id depends on all that was said before, so a later call with the same arguments has another. */
function toPart(
  messages: readonly ModelMessage[],
  { tool, text }: ChosenCall & { text: string },
): ToolCallPart {
  const place = createHash('sha256').update(JSON.stringify(messages)).update(`${tool} ${text}`).digest('hex');
  return { type: 'tool-call', call_id: `call_${place.slice(0, 24)}`, tool, arguments: text };
}
