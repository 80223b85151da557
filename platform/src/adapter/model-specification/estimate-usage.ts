import { noUsage, type AssistantPart, type Usage } from '@batuta/contract';
import type { ModelMessage, ModelRequest } from '../../port/model.ts';

const charactersPerToken = 4;

/**
 * A rough count for servers that report none, so that budgets and context limits do not see a call as free. It leans
 * to neither side: 4 characters a token, files not counted.
 */
export function estimateUsage(request: ModelRequest, answer: readonly AssistantPart[]): Usage {
  const tools = request.tools.reduce((sum, tool) => sum + JSON.stringify(tool).length, 0);
  const messages = request.messages.reduce((sum, message) => sum + messageLength(message), 0);
  return {
    ...noUsage,
    input_tokens: Math.ceil((request.instructions.length + tools + messages) / charactersPerToken),
    output_tokens: Math.ceil(partsLength(answer) / charactersPerToken),
  };
}

/** The same for texts that are embedded. */
export function estimateTokensOfTexts(texts: readonly string[]): number {
  return Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / charactersPerToken);
}

function messageLength(message: ModelMessage): number {
  if (message.role === 'assistant') return partsLength(message.parts);
  if (message.role === 'tool') return message.results.reduce((sum, { content }) => sum + content.length, 0);
  return message.parts.reduce((sum, part) => sum + (part.type === 'text' ? part.text.length : 0), 0);
}

function partsLength(parts: readonly AssistantPart[]): number {
  return parts.reduce(
    (sum, part) =>
      sum + (part.type === 'tool-call' ? part.tool.length + part.arguments.length : part.text.length),
    0,
  );
}
