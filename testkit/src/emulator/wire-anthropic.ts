import type { JsonObject, JsonValue } from '@batuta/contract';

import { ConversationBuilder, type Conversation } from './conversation.ts';
import { contentText, listOf, objectOf, textOrJson, textValue } from './json-reading.ts';
import { textOf, type EmulatedUsage, type FailureReply, type Finish, type MessagePart } from './reply.ts';
import {
  callId,
  failureMessage,
  namedEvent,
  parseObject,
  type Answer,
  type Frame,
  type WireFormat,
} from './wire.ts';

/** Anthropic Messages: `POST /v1/messages`. */
export const anthropicWire: WireFormat = {
  wire: 'anthropic',
  streamType: 'text/event-stream; charset=utf-8',
  requestIdHeader: 'request-id',
  read,
  frames: (answer) => answer.parts.flatMap((part, index) => blockFrames(answer, part, index)),
  opening,
  closing,
  whole,
  failure: (failure, requestId) => JSON.stringify({ ...errorOf(failure), request_id: requestId }),
  failureEvent: (failure) => namedEvent('error', errorOf(failure)),
};

const stopReasons: Readonly<Record<Finish, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
};

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

function read(body: JsonObject): Conversation {
  const builder = new ConversationBuilder();
  builder.system(contentText(body['system']));
  for (const item of listOf(body['messages'])) {
    const message = objectOf(item);
    if (message['role'] === 'assistant') readAssistant(builder, message['content']);
    else readUser(builder, message['content']);
  }
  return builder.finish(
    listOf(body['tools']).map((item) => {
      const tool = objectOf(item);
      const parameters = tool['input_schema'] ?? {};
      return { name: textValue(tool['name']), description: textValue(tool['description']), parameters };
    }),
  );
}

function readAssistant(builder: ConversationBuilder, content: JsonValue | undefined): void {
  if (typeof content === 'string') builder.assistant({ text: content });
  for (const item of listOf(content)) {
    const block = objectOf(item);
    if (block['type'] === 'tool_use') {
      const call = {
        id: textValue(block['id']),
        name: textValue(block['name']),
        arguments: textOrJson(block['input']),
      };
      builder.assistant({ toolCalls: [call] });
    } else {
      builder.assistant({ text: textValue(block['text']), reasoning: textValue(block['thinking']) });
    }
  }
}

function readUser(builder: ConversationBuilder, content: JsonValue | undefined): void {
  const blocks = listOf(content).map(objectOf);
  for (const block of blocks.filter((candidate) => candidate['type'] === 'tool_result')) {
    builder.toolResult({
      callId: textValue(block['tool_use_id']),
      text: contentText(block['content']),
      isError: block['is_error'] === true,
    });
  }
  const others = blocks.filter((block) => block['type'] !== 'tool_result');
  if (typeof content === 'string' || others.length > 0) {
    builder.user(typeof content === 'string' ? content : contentText(others));
  }
}

function blockFrames(answer: Answer, part: MessagePart, index: number): Frame[] {
  const frame = (name: string, data: JsonObject, token = false): Frame => ({
    text: namedEvent(name, { type: name, index, ...data }),
    token,
  });
  const deltas = part.pieces.map((piece) =>
    frame('content_block_delta', { delta: deltaOf(part, piece) }, true),
  );
  const signature = { type: 'signature_delta', signature: signatureOf(part) };
  return [
    frame('content_block_start', { content_block: emptyBlock(answer, part, index) }),
    ...deltas,
    ...(part.type === 'reasoning' ? [frame('content_block_delta', { delta: signature })] : []),
    frame('content_block_stop', {}),
  ];
}

function deltaOf(part: MessagePart, piece: string): JsonObject {
  switch (part.type) {
    case 'text':
      return { type: 'text_delta', text: piece };
    case 'reasoning':
      return { type: 'thinking_delta', thinking: piece };
    case 'tool-call':
      return { type: 'input_json_delta', partial_json: piece };
  }
}

function emptyBlock(answer: Answer, part: MessagePart, index: number): JsonObject {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: '' };
    case 'reasoning':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'tool-call':
      return {
        type: 'tool_use',
        id: callId('toolu_', answer, { ...part, position: index }),
        name: part.name,
        input: {},
      };
  }
}

function fullBlock(answer: Answer, part: MessagePart, index: number): JsonObject {
  const block = emptyBlock(answer, part, index);
  switch (part.type) {
    case 'text':
      return { ...block, text: textOf(part) };
    case 'reasoning':
      return { ...block, thinking: textOf(part), signature: signatureOf(part) };
    case 'tool-call':
      // Arguments that are no JSON object cannot be written here as such: they go out as the text that they are.
      return { ...block, input: parseObject(textOf(part)) ?? textOf(part) };
  }
}

/** The signature of a thought: any text that a client has to send back unchanged. */
function signatureOf(part: MessagePart): string {
  return Buffer.from(textOf(part).slice(0, 48)).toString('base64');
}

function opening(answer: Answer): string {
  const { usage } = answer;
  const message = messageOf(answer, {
    content: [],
    stop_reason: null,
    usage: { ...input(usage), output_tokens: 1 },
  });
  return (
    namedEvent('message_start', { type: 'message_start', message }) + namedEvent('ping', { type: 'ping' })
  );
}

function closing(answer: Answer): string {
  const delta = { stop_reason: stopReasons[answer.finish], stop_sequence: null };
  return (
    namedEvent('message_delta', { type: 'message_delta', delta, usage: fullUsage(answer.usage) }) +
    namedEvent('message_stop', { type: 'message_stop' })
  );
}

function whole(answer: Answer): string {
  return JSON.stringify(
    messageOf(answer, {
      content: answer.parts.map((part, index) => fullBlock(answer, part, index)),
      stop_reason: stopReasons[answer.finish],
      usage: fullUsage(answer.usage),
    }),
  );
}

function messageOf(answer: Answer, rest: JsonObject): JsonObject {
  return {
    id: `msg_${answer.id}`,
    type: 'message',
    role: 'assistant',
    model: answer.model,
    stop_sequence: null,
    ...rest,
  };
}

/** Anthropic counts cached tokens beside `input_tokens`, not within. */
function input(usage: EmulatedUsage): JsonObject {
  return {
    input_tokens: usage.inputTokens - usage.cachedInputTokens - usage.cacheWriteTokens,
    cache_creation_input_tokens: usage.cacheWriteTokens,
    cache_read_input_tokens: usage.cachedInputTokens,
    service_tier: 'standard',
  };
}

function fullUsage(usage: EmulatedUsage): JsonObject {
  return {
    ...input(usage),
    output_tokens: usage.outputTokens,
    output_tokens_details: { thinking_tokens: usage.reasoningTokens },
  };
}

function errorOf(failure: FailureReply): JsonObject {
  const type = failure.code ?? errorTypes[failure.status] ?? 'api_error';
  return { type: 'error', error: { type, message: failureMessage(failure) } };
}
