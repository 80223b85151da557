import type { JsonObject } from '@batuta/contract';

import { ConversationBuilder, type Conversation } from './conversation.ts';
import { contentText, listOf, objectOf, textOrJson, textValue } from './json-reading.ts';
import { openAiError, openAiErrorCode } from './openai-errors.ts';
import { textOf, type EmulatedUsage, type FailureReply, type MessagePart } from './reply.ts';
import { callId, failureMessage, namedEvent, type Answer, type Frame, type WireFormat } from './wire.ts';

/** OpenAI Responses: `POST /v1/responses`. Every event carries a `sequence_number`: two open the stream, so frames start at 2. */
export const openAiResponsesWire: WireFormat = {
  wire: 'openai-responses',
  streamType: 'text/event-stream; charset=utf-8',
  requestIdHeader: 'x-request-id',
  read,
  frames,
  opening: (answer) => {
    const response = responseOf(answer, { status: 'in_progress', output: [], usage: null });
    return event('response.created', 0, { response }) + event('response.in_progress', 1, { response });
  },
  closing: (answer, frameCount) => {
    const name = isComplete(answer) ? 'response.completed' : 'response.incomplete';
    return event(name, openingEvents + frameCount, { response: finishedResponse(answer) });
  },
  whole: (answer) => JSON.stringify(finishedResponse(answer)),
  failure: (failure) => JSON.stringify({ error: openAiError(failure) }),
  failureEvent,
};

const openingEvents = 2;

function read(body: JsonObject): Conversation {
  const builder = new ConversationBuilder();
  builder.system(textValue(body['instructions']));
  if (typeof body['input'] === 'string') builder.user(body['input']);
  for (const item of listOf(body['input'])) readItem(builder, objectOf(item));
  return builder.finish(
    listOf(body['tools']).map((item) => {
      const tool = objectOf(item);
      const parameters = tool['parameters'] ?? {};
      return { name: textValue(tool['name']), description: textValue(tool['description']), parameters };
    }),
  );
}

function readItem(builder: ConversationBuilder, item: JsonObject): void {
  switch (item['type'] ?? 'message') {
    case 'function_call':
      builder.assistant({
        toolCalls: [
          {
            id: textValue(item['call_id']),
            name: textValue(item['name']),
            arguments: textOrJson(item['arguments']),
          },
        ],
      });
      break;
    case 'function_call_output':
      builder.toolResult({
        callId: textValue(item['call_id']),
        text: contentText(item['output']),
        isError: false,
      });
      break;
    case 'reasoning':
      builder.assistant({ reasoning: contentText(item['summary']) });
      break;
    case 'message':
      readMessage(builder, item);
      break;
    default:
      break;
  }
}

function readMessage(builder: ConversationBuilder, item: JsonObject): void {
  const content = contentText(item['content']);
  if (item['role'] === 'assistant') builder.assistant({ text: content });
  else if (item['role'] === 'system' || item['role'] === 'developer') builder.system(content);
  else builder.user(content);
}

/** An event that still lacks its sequence number. */
interface Draft {
  name: string;
  data: JsonObject;
  token?: true;
}

function frames(answer: Answer): Frame[] {
  return answer.parts
    .flatMap((part, index) => itemEvents(answer, part, index))
    .map(({ name, data, token }, position) => ({
      text: event(name, openingEvents + position, data),
      token: token === true,
    }));
}

function itemEvents(answer: Answer, part: MessagePart, index: number): Draft[] {
  const item = itemOf(answer, part, index);
  return [
    { name: 'response.output_item.added', data: { output_index: index, item: startedItem(item) } },
    ...contentEvents(part, { item_id: item['id'] ?? '', output_index: index }),
    { name: 'response.output_item.done', data: { output_index: index, item } },
  ];
}

/** The item when nothing of it has been streamed. */
function startedItem(item: JsonObject): JsonObject {
  switch (item['type']) {
    case 'message':
      return { ...item, status: 'in_progress', content: [] };
    case 'reasoning':
      return { ...item, summary: [] };
    default:
      return { ...item, status: 'in_progress', arguments: '' };
  }
}

function contentEvents(part: MessagePart, at: JsonObject): Draft[] {
  const whole = textOf(part);
  switch (part.type) {
    case 'text': {
      const place = { ...at, content_index: 0 };
      return [
        { name: 'response.content_part.added', data: { ...place, part: outputText('') } },
        ...deltas('response.output_text.delta', part, { ...place, logprobs: [] }),
        { name: 'response.output_text.done', data: { ...place, text: whole, logprobs: [] } },
        { name: 'response.content_part.done', data: { ...place, part: outputText(whole) } },
      ];
    }
    case 'reasoning': {
      const place = { ...at, summary_index: 0 };
      return [
        { name: 'response.reasoning_summary_part.added', data: { ...place, part: summaryText('') } },
        ...deltas('response.reasoning_summary_text.delta', part, place),
        { name: 'response.reasoning_summary_text.done', data: { ...place, text: whole } },
        { name: 'response.reasoning_summary_part.done', data: { ...place, part: summaryText(whole) } },
      ];
    }
    case 'tool-call':
      return [
        ...deltas('response.function_call_arguments.delta', part, at),
        { name: 'response.function_call_arguments.done', data: { ...at, name: part.name, arguments: whole } },
      ];
  }
}

function deltas(name: string, part: MessagePart, place: JsonObject): Draft[] {
  return part.pieces.map((delta) => ({ name, data: { ...place, delta, obfuscation: padding }, token: true }));
}

/** OpenAI pads each delta so that its length tells nothing. */
const padding = 'Kx7dQ2mZ';

function itemOf(answer: Answer, part: MessagePart, index: number): JsonObject {
  switch (part.type) {
    case 'text':
      return {
        id: `msg_${answer.id}_${index}`,
        type: 'message',
        status: 'completed',
        role: 'assistant',
        content: [outputText(textOf(part))],
      };
    case 'reasoning':
      return {
        id: `rs_${answer.id}_${index}`,
        type: 'reasoning',
        summary: [summaryText(textOf(part))],
        encrypted_content: Buffer.from(textOf(part).slice(0, 48)).toString('base64'),
      };
    case 'tool-call':
      return {
        id: `fc_${answer.id}_${index}`,
        type: 'function_call',
        status: 'completed',
        call_id: callId('call_', answer, { ...part, position: index }),
        name: part.name,
        arguments: textOf(part),
      };
  }
}

function outputText(text: string): JsonObject {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

function summaryText(text: string): JsonObject {
  return { type: 'summary_text', text };
}

function isComplete(answer: Answer): boolean {
  return answer.finish !== 'length' && answer.finish !== 'content-filter';
}

function finishedResponse(answer: Answer): JsonObject {
  return responseOf(answer, {
    status: isComplete(answer) ? 'completed' : 'incomplete',
    output: answer.parts.map((part, index) => itemOf(answer, part, index)),
    usage: usageOf(answer.usage),
  });
}

function responseOf(answer: Answer, rest: JsonObject): JsonObject {
  const reason = answer.finish === 'length' ? 'max_output_tokens' : 'content_filter';
  const incomplete = rest['status'] === 'incomplete' ? { reason } : null;
  return {
    id: `resp_${answer.id}`,
    object: 'response',
    created_at: answer.createdAt,
    error: null,
    incomplete_details: incomplete,
    instructions: null,
    metadata: {},
    model: answer.model,
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    service_tier: 'default',
    store: false,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    truncation: 'disabled',
    ...rest,
  };
}

function usageOf(usage: EmulatedUsage): JsonObject {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cachedInputTokens,
      cache_write_tokens: usage.cacheWriteTokens,
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}

function failureEvent(failure: FailureReply, frameCount: number): string {
  return event('error', openingEvents + frameCount, {
    code: openAiErrorCode(failure) ?? 'server_error',
    message: failureMessage(failure),
    param: null,
  });
}

function event(name: string, sequenceNumber: number, data: JsonObject): string {
  return namedEvent(name, { type: name, sequence_number: sequenceNumber, ...data });
}
