import type { JsonObject } from '@batuta/contract';

import { ConversationBuilder, type Conversation } from './conversation.ts';
import { contentText, listOf, objectOf, textOrJson, textValue } from './json-reading.ts';
import { openAiError } from './openai-errors.ts';
import { textOf, type EmulatedUsage, type Finish, type MessagePart } from './reply.ts';
import { callId, dataEvent, type Answer, type Frame, type WireFormat } from './wire.ts';

/**
 * OpenAI Chat Completions: `POST /v1/chat/completions`. Reasoning goes out as `reasoning_content`, which OpenAI itself
 * never sends but the providers that copy this wire do.
 */
export const openAiChatWire: WireFormat = {
  wire: 'openai-chat',
  streamType: 'text/event-stream; charset=utf-8',
  requestIdHeader: 'x-request-id',
  read,
  frames,
  opening: (answer) => chunk(answer, { role: 'assistant', content: '', refusal: null }),
  closing,
  whole,
  failure: (failure) => JSON.stringify({ error: openAiError(failure) }),
  failureEvent: (failure) => dataEvent({ error: openAiError(failure) }),
};

const finishReasons: Readonly<Record<Finish, string>> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
};

function read(body: JsonObject): Conversation {
  const builder = new ConversationBuilder();
  for (const item of listOf(body['messages'])) readMessage(builder, objectOf(item));
  return builder.finish(
    listOf(body['tools']).map((item) => {
      const tool = objectOf(objectOf(item)['function']);
      const parameters = tool['parameters'] ?? {};
      return { name: textValue(tool['name']), description: textValue(tool['description']), parameters };
    }),
  );
}

function readMessage(builder: ConversationBuilder, message: JsonObject): void {
  const content = contentText(message['content']);
  switch (message['role']) {
    case 'system':
    case 'developer':
      builder.system(content);
      break;
    case 'assistant':
      builder.assistant({
        text: content,
        reasoning: textValue(message['reasoning_content']),
        toolCalls: listOf(message['tool_calls']).map((item) => {
          const call = objectOf(item);
          const called = objectOf(call['function']);
          return {
            id: textValue(call['id']),
            name: textValue(called['name']),
            arguments: textOrJson(called['arguments']),
          };
        }),
      });
      break;
    case 'tool':
      builder.toolResult({ callId: textValue(message['tool_call_id']), text: content, isError: false });
      break;
    default:
      builder.user(content);
  }
}

function frames(answer: Answer): Frame[] {
  const calls: MessagePart[] = answer.parts.filter((part) => part.type === 'tool-call');
  return answer.parts.flatMap((part, position) =>
    partFrames(answer, part, { position, index: calls.indexOf(part) }),
  );
}

function partFrames(answer: Answer, part: MessagePart, at: { position: number; index: number }): Frame[] {
  switch (part.type) {
    case 'text':
      return part.pieces.map((content) => ({ text: chunk(answer, { content }), token: true }));
    case 'reasoning':
      return part.pieces.map((piece) => ({ text: chunk(answer, { reasoning_content: piece }), token: true }));
    case 'tool-call': {
      const call = (rest: JsonObject): string =>
        chunk(answer, { tool_calls: [{ index: at.index, ...rest }] });
      const id = callId('call_', answer, { ...part, position: at.position });
      return [
        { text: call({ id, type: 'function', function: { name: part.name, arguments: '' } }), token: false },
        ...part.pieces.map((piece) => ({ text: call({ function: { arguments: piece } }), token: true })),
      ];
    }
  }
}

function closing(answer: Answer): string {
  const finish = chunk(answer, {}, finishReasons[answer.finish]);
  const usage = dataEvent({ ...chunkBase(answer), choices: [], usage: usageOf(answer.usage) });
  return `${finish}${answer.includeUsage ? usage : ''}data: [DONE]\n\n`;
}

function chunk(answer: Answer, delta: JsonObject, finishReason: string | null = null): string {
  return dataEvent({
    ...chunkBase(answer),
    choices: [{ index: 0, delta, finish_reason: finishReason }],
    ...(answer.includeUsage && { usage: null }),
  });
}

function chunkBase(answer: Answer): JsonObject {
  return {
    id: `chatcmpl-${answer.id}`,
    object: 'chat.completion.chunk',
    created: answer.createdAt,
    model: answer.model,
    system_fingerprint: 'fp_emulator',
  };
}

function whole(answer: Answer): string {
  return JSON.stringify({
    ...chunkBase(answer),
    object: 'chat.completion',
    choices: [
      { index: 0, message: messageOf(answer), logprobs: null, finish_reason: finishReasons[answer.finish] },
    ],
    usage: usageOf(answer.usage),
  });
}

function messageOf(answer: Answer): JsonObject {
  const texts = answer.parts.filter((part) => part.type === 'text').map(textOf);
  const thoughts = answer.parts.filter((part) => part.type === 'reasoning').map(textOf);
  const calls = answer.parts.flatMap((part, position) => {
    if (part.type !== 'tool-call') return [];
    const id = callId('call_', answer, { ...part, position });
    return [{ id, type: 'function', function: { name: part.name, arguments: textOf(part) } }];
  });
  return {
    role: 'assistant',
    content: texts.length === 0 && calls.length > 0 ? null : texts.join(''),
    refusal: null,
    annotations: [],
    ...(thoughts.length > 0 && { reasoning_content: thoughts.join('') }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function usageOf(usage: EmulatedUsage): JsonObject {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cachedInputTokens,
      cache_write_tokens: usage.cacheWriteTokens,
      audio_tokens: 0,
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
