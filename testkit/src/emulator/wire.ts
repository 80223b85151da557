import type { JsonObject } from '@batuta/contract';

import type { Conversation } from './conversation.ts';
import type { EmulatedUsage, FailureReply, Finish, MessagePart } from './reply.ts';

/** A protocol in which clients talk to a model. */
export type Wire = 'anthropic' | 'openai-chat' | 'openai-responses' | 'google' | 'ollama';

/**
 * Stands for the id of the answer in text that is made once and sent many times. JSON leaves it as it is, no real text has
 * it, and it is ASCII: one character beyond Latin-1 makes the whole stream four times as dear to encode.
 */
export const idHole = '~answer-id-0f6b2c9e~';

/** A message as one wire has to express it. */
export interface Answer {
  /** Unique for each answer; `idHole` while the frames are made. */
  id: string;
  model: string;
  /** Seconds since 1970. */
  createdAt: number;
  parts: readonly MessagePart[];
  finish: Finish;
  usage: EmulatedUsage;
  /** Whether the client asked for usage in the stream, where that is a question. */
  includeUsage: boolean;
}

/** One event of a streamed answer, ready to be sent. */
export interface Frame {
  text: string;
  /** Whether it carries a token of the model; the others are sent together with the next token. */
  token: boolean;
}

/** One protocol: how its requests are read and its answers written. All pure. */
export interface WireFormat {
  readonly wire: Wire;
  /** Content type of a stream. */
  readonly streamType: string;
  /** What the request says to the model. Never throws: what cannot be read is empty. */
  read(body: JsonObject): Conversation;
  /** The events between the first and the last; made once, with `idHole` in place of the id and without usage. */
  frames(answer: Answer): Frame[];
  /** The events before the first token. */
  opening(answer: Answer): string;
  /** The events after the last token; `frameCount` events were sent in between. */
  closing(answer: Answer, frameCount: number): string;
  /** The body of an answer that is not streamed. */
  whole(answer: Answer): string;
  /** The body of an error. */
  failure(failure: FailureReply, requestId: string): string;
  /** The event of an error in the middle of a stream, after `frameCount` events. */
  failureEvent(failure: FailureReply, frameCount: number): string;
  /** Names of the header that carries the request id. */
  readonly requestIdHeader: string;
}

/** A server-sent event with a name. */
export function namedEvent(name: string, data: JsonObject): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A server-sent event without a name. */
export function dataEvent(data: JsonObject): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

/** The id of the n-th tool call of an answer. */
export function callId(prefix: string, answer: Answer, part: { id?: string; position: number }): string {
  return part.id ?? `${prefix}${answer.id}_${part.position}`;
}

/** The object that a raw text is the JSON of; nothing when it is not one. */
export function parseObject(raw: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The message of an error that was given none. */
export function failureMessage(failure: FailureReply): string {
  return (
    failure.message ?? defaultMessages[failure.status] ?? `The emulated provider answers ${failure.status}.`
  );
}

const defaultMessages: Readonly<Record<number, string>> = {
  400: 'The request is not valid.',
  401: 'The API key is not valid.',
  403: 'The API key does not have permission to use this resource.',
  404: 'The model does not exist.',
  413: 'The request is too large.',
  429: 'The rate limit was reached. Try again later.',
  500: 'The server had an error while processing the request.',
  503: 'The service is temporarily unavailable.',
  529: 'Overloaded',
};
