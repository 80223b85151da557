import type { AssistantPart, JsonValue, ReasoningPart, TextPart, ToolCallPart } from '@batuta/contract';
import type {
  LanguageModelV4StreamPart,
  LanguageModelV4ToolCall,
  LanguageModelV4Usage,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider';
import type { ModelAnswer, TextSink } from '../../port/model.ts';

type FinishPart = Extract<LanguageModelV4StreamPart, { type: 'finish' }>;

/** A stream read to its end. */
export interface StreamedAnswer {
  parts: AssistantPart[];
  /** Undefined when the stream ended without saying why: it was cut. */
  finishReason: ModelAnswer['finishReason'] | undefined;
  /** The provider's own word for it. */
  rawFinishReason: string | undefined;
  usage: LanguageModelV4Usage | undefined;
}

interface AnswerDraft {
  parts: AssistantPart[];
  /** Open blocks by kind and id. */
  texts: Map<string, TextPart>;
  thoughts: Map<string, ReasoningPart>;
  /** Arguments as the model wrote them: some packages replace what they cannot parse by `{}`. */
  inputs: Map<string, string>;
  finish: FinishPart | undefined;
}

const longestCallId = 128;

/** Parts that show that the model works, besides text. */
const lifeSigns: ReadonlySet<LanguageModelV4StreamPart['type']> = new Set([
  'reasoning-start',
  'reasoning-delta',
  'reasoning-end',
  'tool-input-start',
  'tool-input-delta',
  'tool-call',
  'ping',
] as const);

/** Reads a stream part by part into an answer. Errors that the stream carries are thrown as they are. */
export async function readAnswer(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  sink: TextSink,
): Promise<StreamedAnswer> {
  const draft: AnswerDraft = {
    parts: [],
    texts: new Map(),
    thoughts: new Map(),
    inputs: new Map(),
    finish: undefined,
  };
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      takePart(draft, value, sink);
    }
  } catch (error) {
    reader.cancel().catch(() => undefined);
    throw error;
  }
  return {
    parts: draft.parts.filter((part) => part.type !== 'text' || part.text !== ''),
    finishReason: readFinishReason(draft),
    rawFinishReason: draft.finish?.finishReason.raw,
    usage: draft.finish?.usage,
  };
}

function takePart(draft: AnswerDraft, part: LanguageModelV4StreamPart, sink: TextSink): void {
  if (part.type === 'error') throw part.error;
  if (part.type === 'text-delta') {
    addText(draft, part.id, part.delta);
    if (part.delta !== '') sink.text(part.delta);
    return;
  }
  if (isThought(part)) addThought(draft, part);
  else if (part.type === 'tool-input-delta') addInput(draft, part.id, part.delta);
  else if (part.type === 'tool-call') addToolCall(draft, part);
  else if (part.type === 'finish') draft.finish = part;
  if (lifeSigns.has(part.type)) sink.progress?.();
}

function addText(draft: AnswerDraft, id: string, delta: string): void {
  const open = draft.texts.get(id);
  if (open !== undefined && draft.parts.at(-1) === open) {
    open.text += delta;
    return;
  }
  const part: TextPart = { type: 'text', text: delta };
  draft.texts.set(id, part);
  draft.parts.push(part);
}

type ThoughtPart = Extract<LanguageModelV4StreamPart, { type: `reasoning-${'start' | 'delta' | 'end'}` }>;

function isThought(part: LanguageModelV4StreamPart): part is ThoughtPart {
  return part.type === 'reasoning-start' || part.type === 'reasoning-delta' || part.type === 'reasoning-end';
}

function addThought(draft: AnswerDraft, piece: ThoughtPart): void {
  let part = draft.thoughts.get(piece.id);
  if (part === undefined) {
    part = { type: 'reasoning', text: '' };
    draft.thoughts.set(piece.id, part);
    draft.parts.push(part);
  }
  if (piece.type === 'reasoning-delta') part.text += piece.delta;
  if (piece.type === 'reasoning-end') draft.thoughts.delete(piece.id);
  if (piece.providerMetadata !== undefined) part.provider_data = asJson(piece.providerMetadata);
}

function addInput({ inputs }: AnswerDraft, id: string, delta: string): void {
  inputs.set(id, (inputs.get(id) ?? '') + delta);
}

function addToolCall({ parts, inputs }: AnswerDraft, part: LanguageModelV4ToolCall): void {
  if (part.providerExecuted === true) return;
  const call: ToolCallPart = {
    type: 'tool-call',
    call_id: part.toolCallId.slice(0, longestCallId),
    tool: part.toolName,
    arguments: inputs.get(part.toolCallId) || part.input,
  };
  if (part.providerMetadata !== undefined) call.provider_data = asJson(part.providerMetadata);
  parts.push(call);
}

/** Provider metadata is JSON but for absent fields. */
function asJson(metadata: SharedV4ProviderMetadata): JsonValue {
  return JSON.parse(JSON.stringify(metadata));
}

/** Some servers end an answer that calls tools with `stop`. */
function readFinishReason({ finish, parts }: AnswerDraft): StreamedAnswer['finishReason'] {
  if (finish === undefined) return undefined;
  const { unified, raw } = finish.finishReason;
  if (unified === 'interrupted' || (unified === 'other' && raw === undefined)) return undefined;
  return unified === 'stop' && parts.some((part) => part.type === 'tool-call') ? 'tool-calls' : unified;
}
