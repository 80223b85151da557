/**
 * What the emulated model does with one request. A closed union: the builders in `reply-builders.ts` make its members,
 * the wire formats turn them into bytes, and nothing else knows how a provider looks.
 */
export type Reply = MessageReply | FailureReply | CutReply | GarbageReply | HangReply | DropReply;

/** An answer of the model: its parts in order, and how fast they come. */
export interface MessageReply {
  readonly kind: 'message';
  readonly parts: readonly MessagePart[];
  readonly finish: Finish;
  readonly usage: Partial<EmulatedUsage>;
  readonly pace: Pace;
  readonly interruption?: Interruption;
}

/** The provider refuses: an HTTP status with the provider's own error body. */
export interface FailureReply {
  readonly kind: 'failure';
  readonly status: number;
  readonly message?: string;
  readonly code?: string;
  readonly retryAfterSeconds?: number;
}

/** The connection breaks after this many bytes of the body have been sent. */
export interface CutReply {
  readonly kind: 'cut';
  readonly bytes: number;
  readonly reply: MessageReply | FailureReply;
}

/** A successful status with a body that is not what the provider speaks. */
export interface GarbageReply {
  readonly kind: 'garbage';
  readonly body: string | Uint8Array;
  /** Absent: the content type that the client asked for. */
  readonly contentType?: string;
}

/** Nothing at all until the client leaves. */
export interface HangReply {
  readonly kind: 'hang';
}

/** The connection is closed without a single byte of answer. */
export interface DropReply {
  readonly kind: 'drop';
}

/** One part of an answer; `pieces` are its tokens in the order in which they are streamed. */
export type MessagePart = TextReplyPart | ReasoningReplyPart | ToolCallReplyPart;

/** Text for the user. */
export interface TextReplyPart {
  readonly type: 'text';
  readonly pieces: readonly string[];
}

/** What the model thought before it answered. */
export interface ReasoningReplyPart {
  readonly type: 'reasoning';
  readonly pieces: readonly string[];
}

/** A call of a tool; its arguments are raw text, so they can be malformed. */
export interface ToolCallReplyPart {
  readonly type: 'tool-call';
  readonly name: string;
  readonly pieces: readonly string[];
  /** Absent: made from the id of the answer. */
  readonly id?: string;
}

/** Why the model stopped. */
export type Finish = 'stop' | 'length' | 'tool-calls' | 'content-filter';

/** How fast an answer comes. Zero everywhere: all of it at once. */
export interface Pace {
  readonly firstTokenMs: number;
  readonly betweenTokensMs: number;
}

/** Tokens of an answer in one meaning for all providers: `inputTokens` and `outputTokens` count all, the others are parts of them. */
export interface EmulatedUsage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

/** What happens in the middle of an answer, after this many of its tokens. */
export type Interruption =
  | { readonly kind: 'failure'; readonly afterTokens: number; readonly failure: FailureReply }
  | { readonly kind: 'garbage'; readonly afterTokens: number; readonly body: string | Uint8Array }
  | { readonly kind: 'pause'; readonly afterTokens: number; readonly until: Promise<void> };

/** The whole text of a part. */
export function textOf(part: MessagePart): string {
  return part.pieces.join('');
}
