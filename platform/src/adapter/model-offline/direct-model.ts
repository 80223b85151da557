import { createHash } from 'node:crypto';
import type { AssistantPart } from '@batuta/contract';
import { z } from 'zod';
import type { LanguageModel, ModelMessage, ModelRequest } from '../../port/model.ts';
import { estimateUsage } from '../model-specification/estimate-usage.ts';

const orderSchema = z.strictObject({
  tool: z.string().max(128),
  arguments: z.record(z.string(), z.json()).default({}),
});

/** Where an agent has it, not all of its tools are told of: who knows the name of one needs no search, and a wrong name is told by the engine. */
const findTools = 'find_tools';

/**
 * `offline/direct`: no model at all. It makes the one call that the last message orders, as `{"tool": ..., "arguments": {...}}`, and gives back
 * what came of it. So a single call of a tool is a run like any other: with the rules, the limits and the log of its agent.
 */
export function createDirectModel(contextTokens: number): LanguageModel {
  return {
    reference: 'offline/direct',
    provider: 'offline',
    contextTokens,
    async call(request, sink, signal) {
      signal.throwIfAborted();
      const part = answerTo(request);
      if (part.type === 'text') sink.text(part.text);
      const finishReason = part.type === 'text' ? 'stop' : 'tool-calls';
      return { parts: [part], finishReason, usage: estimateUsage(request, [part]) };
    },
  };
}

function answerTo(request: ModelRequest): AssistantPart {
  const { messages, tools } = request;
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const results = messages
    .slice(last + 1)
    .flatMap((message) => (message.role === 'tool' ? message.results : []));
  const [result] = results;
  if (result) return text(result.isError ? `The call failed: ${result.content}` : result.content);
  const order = readOrder(messages[last]);
  if (order === undefined) return text('Say which call to make: {"tool": "<name>", "arguments": {...}}.');
  if (!tools.some(({ name }) => name === order.tool || name === findTools)) {
    const known = tools.map(({ name }) => name).join(', ');
    return text(`This agent has no tool ${order.tool}. It has: ${known}.`);
  }
  const place = createHash('sha256').update(JSON.stringify(messages)).digest('hex');
  const call = { call_id: `call_${place.slice(0, 24)}`, tool: order.tool };
  return { type: 'tool-call', ...call, arguments: JSON.stringify(order.arguments) };
}

function readOrder(message: ModelMessage | undefined): z.infer<typeof orderSchema> | undefined {
  if (message?.role !== 'user') return undefined;
  const words = message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  try {
    return orderSchema.safeParse(JSON.parse(words)).data;
  } catch {
    return undefined;
  }
}

function text(content: string): AssistantPart {
  return { type: 'text', text: content };
}
