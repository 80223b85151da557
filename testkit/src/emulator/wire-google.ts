import type { JsonObject } from '@batuta/contract';

import { ConversationBuilder, type Conversation } from './conversation.ts';
import { contentText, listOf, objectOf, textOrJson, textValue } from './json-reading.ts';
import { textOf, type EmulatedUsage, type FailureReply, type Finish, type MessagePart } from './reply.ts';
import {
  callId,
  dataEvent,
  failureMessage,
  parseObject,
  type Answer,
  type Frame,
  type WireFormat,
} from './wire.ts';

/** Google Gemini: `POST /v1beta/models/{model}:generateContent` and `:streamGenerateContent?alt=sse`. */
export const googleWire: WireFormat = {
  wire: 'google',
  streamType: 'text/event-stream',
  requestIdHeader: 'x-goog-request-id',
  read,
  frames: (answer) => answer.parts.flatMap((part, index) => partFrames(answer, part, index)),
  opening: () => '',
  closing: (answer) =>
    dataEvent({
      candidates: [
        { content: { parts: [{ text: '' }], role: 'model' }, finishReason: finishOf(answer), index: 0 },
      ],
      usageMetadata: usageOf(answer.usage),
      ...envelope(answer),
    }),
  whole: (answer) =>
    JSON.stringify({
      candidates: [{ content: contentOf(answer), finishReason: finishOf(answer), index: 0 }],
      usageMetadata: usageOf(answer.usage),
      ...envelope(answer),
    }),
  failure: (failure) => JSON.stringify({ error: errorOf(failure) }),
  failureEvent: (failure) => dataEvent({ error: errorOf(failure) }),
};

const finishReasons: Readonly<Record<Finish, string>> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  'tool-calls': 'STOP',
  'content-filter': 'SAFETY',
};

const statusNames: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
};

function read(body: JsonObject): Conversation {
  const builder = new ConversationBuilder();
  builder.system(contentText(objectOf(body['systemInstruction'] ?? body['system_instruction'])['parts']));
  for (const item of listOf(body['contents'])) {
    const content = objectOf(item);
    const parts = listOf(content['parts']).map(objectOf);
    if (content['role'] === 'model') readModel(builder, parts);
    else readUser(builder, parts);
  }
  const declarations = listOf(body['tools']).flatMap((tool) =>
    listOf(objectOf(tool)['functionDeclarations']),
  );
  return builder.finish(
    declarations.map((item) => {
      const tool = objectOf(item);
      const parameters = tool['parameters'] ?? tool['parametersJsonSchema'] ?? {};
      return { name: textValue(tool['name']), description: textValue(tool['description']), parameters };
    }),
  );
}

function readModel(builder: ConversationBuilder, parts: JsonObject[]): void {
  for (const part of parts) {
    if (part['functionCall'] !== undefined) {
      const call = objectOf(part['functionCall']);
      const name = textValue(call['name']);
      // A call without an id is known by its name, as Gemini itself knows it.
      const id = textValue(call['id']) || name;
      builder.assistant({ toolCalls: [{ id, name, arguments: textOrJson(call['args'] ?? {}) }] });
    } else if (part['thought'] === true) {
      builder.assistant({ reasoning: textValue(part['text']) });
    } else {
      builder.assistant({ text: textValue(part['text']) });
    }
  }
}

function readUser(builder: ConversationBuilder, parts: JsonObject[]): void {
  for (const part of parts.filter((candidate) => candidate['functionResponse'] !== undefined)) {
    const given = objectOf(part['functionResponse']);
    const response = objectOf(given['response']);
    builder.toolResult({
      callId: textValue(given['id']) || textValue(given['name']),
      text: textOrJson(
        response['content'] ?? response['output'] ?? response['result'] ?? response['error'] ?? response,
      ),
      isError: response['error'] !== undefined,
    });
  }
  const others = parts.filter((part) => part['functionResponse'] === undefined);
  if (others.length > 0) builder.user(contentText(others));
}

function partFrames(answer: Answer, part: MessagePart, index: number): Frame[] {
  const frame = (content: JsonObject): Frame => ({
    text: dataEvent({
      candidates: [{ content: { parts: [content], role: 'model' }, index: 0 }],
      ...envelope(answer),
    }),
    token: true,
  });
  switch (part.type) {
    case 'text':
      return part.pieces.map((piece) => frame({ text: piece }));
    case 'reasoning':
      return part.pieces.map((piece) => frame({ text: piece, thought: true }));
    case 'tool-call':
      // Gemini gives a call in one event, and swallows one whose arguments are no object (see `finishOf`).
      return callParts(answer, part, index).map(frame);
  }
}

function contentOf(answer: Answer): JsonObject {
  const parts = answer.parts.flatMap((part, index): JsonObject[] => {
    if (part.type === 'tool-call') return callParts(answer, part, index);
    return [{ text: textOf(part), ...(part.type === 'reasoning' && { thought: true }) }];
  });
  return { parts, role: 'model' };
}

function callParts(answer: Answer, part: MessagePart & { type: 'tool-call' }, index: number): JsonObject[] {
  const args = parseObject(textOf(part));
  if (args === undefined) return [];
  const id = callId('call_', answer, { ...part, position: index });
  return [{ functionCall: { id, name: part.name, args }, thoughtSignature: 'c2lnbmF0dXJl' }];
}

function finishOf(answer: Answer): string {
  const malformed = answer.parts.some(
    (part) => part.type === 'tool-call' && parseObject(textOf(part)) === undefined,
  );
  return malformed ? 'MALFORMED_FUNCTION_CALL' : finishReasons[answer.finish];
}

function envelope(answer: Answer): JsonObject {
  return { modelVersion: answer.model, responseId: answer.id };
}

/** Gemini counts thoughts beside `candidatesTokenCount`, and has no cache writes. */
function usageOf(usage: EmulatedUsage): JsonObject {
  return {
    promptTokenCount: usage.inputTokens,
    candidatesTokenCount: usage.outputTokens - usage.reasoningTokens,
    totalTokenCount: usage.inputTokens + usage.outputTokens,
    cachedContentTokenCount: usage.cachedInputTokens,
    thoughtsTokenCount: usage.reasoningTokens,
  };
}

function errorOf(failure: FailureReply): JsonObject {
  const seconds = failure.retryAfterSeconds;
  const retry = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${seconds}s` };
  return {
    code: failure.status,
    message: failureMessage(failure),
    status: failure.code ?? statusNames[failure.status] ?? 'UNAVAILABLE',
    ...(seconds !== undefined && { details: [retry] }),
  };
}
