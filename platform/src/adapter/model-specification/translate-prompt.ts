import type { AssistantPart } from '@batuta/contract';
import type { LanguageModelV4Message, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { ModelFilePart, ModelMessage, ModelRequest, ModelToolResult } from '../../port/model.ts';

type UserContent = Extract<LanguageModelV4Message, { role: 'user' }>['content'];
type AssistantContent = Extract<LanguageModelV4Message, { role: 'assistant' }>['content'];

/** Translations by message object: the history is append-only, so each message is translated once. */
const translated = new WeakMap<ModelMessage, LanguageModelV4Message>();

/** File types whose content a model reads as text: not every provider takes them as files. */
const textTypes =
  /^(?:text\/|application\/(?:json|xml|yaml|x-yaml|javascript|typescript|toml|sql)\b)|\+(?:json|xml)$/;

/**
 * The prompt of a request. `cacheMark` are provider options that say "keep everything up to here in your cache": they are
 * put on the instructions (which never change) and on the last message (which the next turn begins with).
 */
export function translatePrompt(
  request: ModelRequest,
  cacheMark?: SharedV4ProviderOptions,
): LanguageModelV4Message[] {
  const prompt: LanguageModelV4Message[] = [];
  if (request.instructions !== '') prompt.push({ role: 'system', content: request.instructions });
  for (const message of request.messages) {
    const translation = translateOnce(message);
    if (translation.content.length > 0) prompt.push(translation);
  }
  return cacheMark === undefined ? prompt : markForCache(prompt, cacheMark);
}

function markForCache(
  prompt: LanguageModelV4Message[],
  providerOptions: SharedV4ProviderOptions,
): LanguageModelV4Message[] {
  const last = prompt.length - 1;
  return prompt.map((message, index) =>
    index === last || message.role === 'system' ? { ...message, providerOptions } : message,
  );
}

function translateOnce(message: ModelMessage): LanguageModelV4Message {
  const known = translated.get(message);
  if (known !== undefined) return known;
  const fresh = translateMessage(message);
  translated.set(message, fresh);
  return fresh;
}

function translateMessage(message: ModelMessage): LanguageModelV4Message {
  if (message.role === 'user') return { role: 'user', content: translateUserParts(message.parts) };
  if (message.role === 'tool') return { role: 'tool', content: message.results.map(translateResult) };
  return { role: 'assistant', content: message.parts.flatMap(translateAssistantPart) };
}

function translateUserParts(parts: Extract<ModelMessage, { role: 'user' }>['parts']): UserContent {
  return parts
    .map((part): UserContent[number] =>
      part.type === 'file' ? translateFile(part) : { type: 'text', text: part.text },
    )
    .filter((part) => part.type !== 'text' || part.text !== '');
}

function translateFile(part: ModelFilePart): UserContent[number] {
  if (textTypes.test(part.mediaType)) {
    const content = new TextDecoder().decode(part.data);
    return { type: 'text', text: `File ${part.name ?? 'without a name'} (${part.mediaType}):\n${content}` };
  }
  return {
    type: 'file',
    mediaType: part.mediaType,
    data: { type: 'data', data: part.data },
    ...(part.name !== undefined && { filename: part.name }),
  };
}

function translateAssistantPart(part: AssistantPart): AssistantContent {
  if (part.type === 'text') return part.text === '' ? [] : [{ type: 'text', text: part.text }];
  const options = readProviderData(part.provider_data);
  if (part.type === 'reasoning') return [{ type: 'reasoning', text: part.text, ...options }];
  const { call_id: toolCallId, tool: toolName } = part;
  return [{ type: 'tool-call', toolCallId, toolName, input: readArguments(part.arguments), ...options }];
}

/** Providers want an object. What a model wrote wrongly is shown to it as it was, in one. */
function readArguments(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Shown below.
  }
  return { malformed_arguments: text };
}

function translateResult(
  result: ModelToolResult,
): Extract<LanguageModelV4Message, { role: 'tool' }>['content'][number] {
  return {
    type: 'tool-result',
    toolCallId: result.callId,
    toolName: result.tool,
    output: { type: result.isError ? 'error-text' : 'text', value: result.content },
  };
}

/** What the provider gave with a part goes back to it unchanged: signatures, encrypted thoughts. */
function readProviderData(data: unknown): { providerOptions?: SharedV4ProviderOptions } {
  return isProviderOptions(data) ? { providerOptions: data } : {};
}

function isProviderOptions(data: unknown): data is SharedV4ProviderOptions {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
