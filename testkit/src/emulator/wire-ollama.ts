import type { JsonObject } from '@batuta/contract';

import { ConversationBuilder, type Conversation } from './conversation.ts';
import { contentText, listOf, objectOf, textOrJson, textValue } from './json-reading.ts';
import { textOf, type FailureReply, type MessagePart } from './reply.ts';
import { callId, failureMessage, parseObject, type Answer, type Frame, type WireFormat } from './wire.ts';

/** Ollama: `POST /api/chat`, one JSON object a line. It knows no cache and does not count reasoning apart. */
export const ollamaWire: WireFormat = {
  wire: 'ollama',
  streamType: 'application/x-ndjson',
  requestIdHeader: 'x-request-id',
  read,
  frames: (answer) => answer.parts.flatMap((part, index) => partFrames(answer, part, index)),
  opening: () => '',
  closing: (answer) => line({ ...base(answer, { content: '' }), ...ending(answer) }),
  whole: (answer) => JSON.stringify({ ...base(answer, messageOf(answer)), ...ending(answer) }),
  failure: (failure) => JSON.stringify(errorOf(failure)),
  failureEvent: (failure) => line(errorOf(failure)),
};

function read(body: JsonObject): Conversation {
  const builder = new ConversationBuilder();
  // Older clients send results without the id of their call: then they answer the open calls in order.
  const open: string[] = [];
  for (const item of listOf(body['messages'])) readMessage(builder, objectOf(item), open);
  return builder.finish(
    listOf(body['tools']).map((item) => {
      const tool = objectOf(objectOf(item)['function']);
      const parameters = tool['parameters'] ?? {};
      return { name: textValue(tool['name']), description: textValue(tool['description']), parameters };
    }),
  );
}

function readMessage(builder: ConversationBuilder, message: JsonObject, open: string[]): void {
  const content = contentText(message['content']);
  switch (message['role']) {
    case 'system':
      builder.system(content);
      break;
    case 'assistant': {
      const toolCalls = listOf(message['tool_calls']).map((item) => readCall(objectOf(item)));
      open.push(...toolCalls.map((call) => call.id));
      builder.assistant({ text: content, reasoning: textValue(message['thinking']), toolCalls });
      break;
    }
    case 'tool': {
      const answered = textValue(message['tool_call_id']) || (open[0] ?? '');
      open.splice(open.indexOf(answered), 1);
      builder.toolResult({ callId: answered, text: content, isError: false });
      break;
    }
    default:
      builder.user(content);
  }
}

function readCall(call: JsonObject): { id: string; name: string; arguments: string } {
  const called = objectOf(call['function']);
  const name = textValue(called['name']);
  return { id: textValue(call['id']) || name, name, arguments: textOrJson(called['arguments']) };
}

function partFrames(answer: Answer, part: MessagePart, index: number): Frame[] {
  switch (part.type) {
    case 'text':
      return part.pieces.map((content) => ({ text: line(base(answer, { content })), token: true }));
    case 'reasoning':
      return part.pieces.map((thinking) => ({
        text: line(base(answer, { content: '', thinking })),
        token: true,
      }));
    case 'tool-call':
      // Ollama parses the arguments itself and gives a call in one line; what it cannot parse is an error of its own.
      return [{ text: line(callOrError(answer, part, index)), token: true }];
  }
}

function callOrError(answer: Answer, part: MessagePart & { type: 'tool-call' }, index: number): JsonObject {
  const call = callOf(answer, part, index);
  return call === undefined ? unparsable(part) : base(answer, { content: '', tool_calls: [call] });
}

function callOf(
  answer: Answer,
  part: MessagePart & { type: 'tool-call' },
  index: number,
): JsonObject | undefined {
  const parsed = parseObject(textOf(part));
  if (parsed === undefined) return undefined;
  const id = callId('call_', answer, { ...part, position: index });
  return { id, function: { index, name: part.name, arguments: parsed } };
}

function unparsable(part: MessagePart): JsonObject {
  return { error: `error parsing tool call: raw='${textOf(part)}', err=unexpected end of JSON input` };
}

function messageOf(answer: Answer): JsonObject {
  const join = (type: MessagePart['type']): string =>
    answer.parts
      .filter((part) => part.type === type)
      .map(textOf)
      .join('');
  const calls = answer.parts.flatMap((part, index) => {
    const call = part.type === 'tool-call' ? callOf(answer, part, index) : undefined;
    return call === undefined ? [] : [call];
  });
  return {
    content: join('text'),
    ...(join('reasoning') !== '' && { thinking: join('reasoning') }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function base(answer: Answer, message: JsonObject): JsonObject {
  return {
    model: answer.model,
    created_at: new Date(answer.createdAt * 1000).toISOString(),
    message: { role: 'assistant', ...message },
    done: false,
  };
}

function ending(answer: Answer): JsonObject {
  return {
    done: true,
    done_reason: answer.finish === 'length' ? 'length' : 'stop',
    total_duration: 1_000_000,
    load_duration: 100_000,
    prompt_eval_count: answer.usage.inputTokens,
    prompt_eval_duration: 100_000,
    eval_count: answer.usage.outputTokens,
    eval_duration: 800_000,
  };
}

function errorOf(failure: FailureReply): JsonObject {
  return { error: failureMessage(failure) };
}

function line(data: JsonObject): string {
  return `${JSON.stringify(data)}\n`;
}
