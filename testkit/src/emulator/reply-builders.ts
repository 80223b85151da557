import { BatutaError, type JsonObject } from '@batuta/contract';

import { splitEvenly, splitWords, wordPieces } from './pieces.ts';
import type {
  CutReply,
  DropReply,
  EmulatedUsage,
  FailureReply,
  Finish,
  GarbageReply,
  HangReply,
  MessagePart,
  MessageReply,
} from './reply.ts';

/** How an answer comes and what it reports; every field may be left out. */
export interface MessageOptions {
  /** Milliseconds before the first token. */
  firstTokenMs?: number;
  /** Milliseconds between two tokens. */
  betweenTokensMs?: number;
  /** Reported tokens; what is left out is counted from the request and the answer. */
  usage?: Partial<EmulatedUsage>;
  /** Why the model stopped; by default what its parts say. */
  finish?: Finish;
}

/** Options of a text answer. */
export interface TextOptions extends MessageOptions {
  /** Number of pieces in which the text is streamed; by default one a word. */
  tokens?: number;
}

/** A tool call to answer with. */
export interface ScriptedToolCall {
  name: string;
  /** An object, or raw text that is sent as it is (also when it is not JSON). */
  arguments: JsonObject | string;
  /** Absent: made from the id of the answer. */
  id?: string;
}

/** Options of an answer with tool calls. */
export interface ToolCallOptions extends MessageOptions {
  /** Number of pieces in which the arguments of each call are streamed; by default one for 16 characters. */
  argumentPieces?: number;
}

/** Options of a refusal. */
export interface FailureOptions {
  retryAfterSeconds?: number;
  message?: string;
  /** The provider's own name of the error, where it has one. */
  code?: string;
}

/** Bytes that are neither text, nor JSON, nor server-sent events. */
export const nonsense: Uint8Array = Uint8Array.from([
  0x00, 0xff, 0xfe, 0x7b, 0x22, 0xc3, 0x28, 0x0a, 0x3c, 0x80,
]);

/** Answers with a text. */
export function text(content: string, options: TextOptions = {}): MessageReply {
  const pieces =
    options.tokens === undefined
      ? splitWords(content)
      : splitEvenly(content, atLeast('tokens', options.tokens, 1));
  return message([{ type: 'text', pieces }], options);
}

/** Answers with a text of exactly this many tokens. */
export function words(tokens: number, options: MessageOptions = {}): MessageReply {
  return message([{ type: 'text', pieces: wordPieces(atLeast('tokens', tokens, 1)) }], options);
}

/** Answers with tool calls, several of them in parallel. */
export function toolCalls(calls: readonly ScriptedToolCall[], options: ToolCallOptions = {}): MessageReply {
  return message(
    calls.map((call) => toolCallPart(call, options.argumentPieces)),
    options,
  );
}

/** Answers with reasoning alone; put it before an answer with `inOrder`. */
export function reasoning(content: string, options: TextOptions = {}): MessageReply {
  const pieces =
    options.tokens === undefined
      ? splitWords(content)
      : splitEvenly(content, atLeast('tokens', options.tokens, 1));
  return message([{ type: 'reasoning', pieces }], options);
}

/** One answer that has the parts of several, in order. Pace, usage and interruption are those of the last that sets them. */
export function inOrder(...replies: readonly MessageReply[]): MessageReply {
  const parts = replies.flatMap((reply) => reply.parts);
  const pace = replies.findLast(
    (reply) => reply.pace.firstTokenMs > 0 || reply.pace.betweenTokensMs > 0,
  )?.pace;
  const interruption = replies.findLast((reply) => reply.interruption !== undefined)?.interruption;
  return {
    kind: 'message',
    parts,
    finish: replies.findLast((reply) => reply.finish !== 'stop')?.finish ?? 'stop',
    usage: Object.assign({}, ...replies.map((reply) => reply.usage)) as Partial<EmulatedUsage>,
    pace: pace ?? { firstTokenMs: 0, betweenTokensMs: 0 },
    ...(interruption && { interruption }),
  };
}

/** A complete answer with nothing in it. */
export function empty(options: MessageOptions = {}): MessageReply {
  return message([], options);
}

/** Refuses with an HTTP status and the provider's error body. */
export function failure(status: number, options: FailureOptions = {}): FailureReply {
  if (!Number.isInteger(status) || status < 400 || status > 599) {
    throw invalid('status', 'must be a whole number from 400 to 599');
  }
  return { kind: 'failure', status, ...options };
}

/** Breaks the connection after this many bytes of the body of the reply; all of it is sent when it is shorter. */
export function cutAfter(bytes: number, reply: MessageReply | FailureReply): CutReply {
  return { kind: 'cut', bytes: atLeast('bytes', bytes, 0), reply };
}

/** Answers 200 with a body that is not what the provider speaks, under the expected content type or the given one. */
export function garbage(options: { body?: string | Uint8Array; contentType?: string } = {}): GarbageReply {
  return {
    kind: 'garbage',
    body: options.body ?? nonsense,
    ...(options.contentType !== undefined && { contentType: options.contentType }),
  };
}

/** Answers nothing until the client leaves. */
export function hang(): HangReply {
  return { kind: 'hang' };
}

/** Closes the connection without an answer. */
export function drop(): DropReply {
  return { kind: 'drop' };
}

/** Streams this many tokens of the reply, then the provider's error event, then ends. */
export function failAfter(tokens: number, reply: MessageReply, cause: FailureReply): MessageReply {
  return {
    ...reply,
    interruption: { kind: 'failure', afterTokens: atLeast('tokens', tokens, 0), failure: cause },
  };
}

/** Puts bytes that are not of the protocol after this many tokens of the reply, then goes on. */
export function garbageAfter(
  tokens: number,
  reply: MessageReply,
  body: string | Uint8Array = nonsense,
): MessageReply {
  return { ...reply, interruption: { kind: 'garbage', afterTokens: atLeast('tokens', tokens, 0), body } };
}

/** Streams this many tokens of the reply and goes on when the promise resolves: a test can look at the world in between. */
export function pauseAfter(tokens: number, reply: MessageReply, until: Promise<void>): MessageReply {
  return { ...reply, interruption: { kind: 'pause', afterTokens: atLeast('tokens', tokens, 0), until } };
}

/** Streams this many tokens of the reply, then nothing until the client leaves. */
export function hangAfter(tokens: number, reply: MessageReply): MessageReply {
  return pauseAfter(tokens, reply, new Promise<void>(() => {}));
}

function message(parts: readonly MessagePart[], options: MessageOptions): MessageReply {
  return {
    kind: 'message',
    parts,
    finish: options.finish ?? (parts.some((part) => part.type === 'tool-call') ? 'tool-calls' : 'stop'),
    usage: options.usage ?? {},
    pace: {
      firstTokenMs: atLeast('firstTokenMs', options.firstTokenMs ?? 0, 0),
      betweenTokensMs: atLeast('betweenTokensMs', options.betweenTokensMs ?? 0, 0),
    },
  };
}

function toolCallPart(call: ScriptedToolCall, argumentPieces: number | undefined): MessagePart {
  const raw = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
  const count = argumentPieces ?? Math.max(1, Math.ceil(raw.length / 16));
  return {
    type: 'tool-call',
    name: call.name,
    pieces: splitEvenly(raw, atLeast('argumentPieces', count, 1)),
    ...(call.id !== undefined && { id: call.id }),
  };
}

function atLeast(name: string, value: number, minimum: number): number {
  if (Number.isInteger(value) && value >= minimum) return value;
  throw invalid(name, `must be a whole number of at least ${minimum}, not ${value}`);
}

function invalid(name: string, reason: string): BatutaError {
  return new BatutaError('configuration-invalid', { name, source: 'the reply of the emulator', reason });
}
