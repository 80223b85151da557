import { AnswerBuffer, type ClosedResponse } from './answer-buffer.ts';
import type { EmulatedRequest } from './emulated-request.ts';
import type { EmulatedUsage, FailureReply, MessageReply, Reply } from './reply.ts';
import { idHole, type Answer, type Frame, type WireFormat } from './wire.ts';

/** What is sent for one request: the head, and the steps of the body with their times. */
export interface Transmission {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  /** What follows the last step: the end of the answer, silence, or a broken connection. */
  readonly ending: 'end' | 'hang' | 'drop';
  /** The id that fills the holes of the steps, where they have holes. */
  readonly id?: string;
  /** The connection breaks after this many bytes of the body. */
  readonly cutAfterBytes?: number;
  /** Contract: called once, when the response has closed. */
  readonly release?: (response: ClosedResponse) => void;
}

/** One write to the client. */
export interface Step {
  /** A list of texts is one text with the id of the answer between them. */
  readonly data: string | Uint8Array | readonly string[];
  /** Milliseconds after the previous step was due. */
  readonly waitMs: number;
  /** The step also waits for this; the times of the steps after it count from then. */
  readonly until?: Promise<void>;
}

/** Makes transmissions, remembering the frames of replies that are sent again and again. */
export class TransmissionMaker {
  readonly #idPrefix: string;
  readonly #createdAt: number;
  readonly #rendered = new WeakMap<MessageReply, Map<string, Rendered>>();

  constructor(options: { idPrefix: string; createdAt: number }) {
    this.#idPrefix = options.idPrefix;
    this.#createdAt = options.createdAt;
  }

  make(reply: Reply, request: EmulatedRequest, format: WireFormat): Transmission {
    const requestId = `req_${this.#idPrefix}${serial(request.index)}`;
    const headers = { [format.requestIdHeader]: requestId };
    switch (reply.kind) {
      case 'message':
        return this.#message(reply, request, format);
      case 'failure':
        return failed(reply, format, requestId);
      case 'cut':
        return { ...this.make(reply.reply, request, format), cutAfterBytes: reply.bytes };
      case 'garbage': {
        const type = reply.contentType ?? (request.stream ? format.streamType : 'application/json');
        const steps = [{ data: reply.body, waitMs: 0 }];
        return { status: 200, headers: { 'content-type': type, ...headers }, steps, ending: 'end' };
      }
      case 'hang':
        return { status: 200, headers, steps: [], ending: 'hang' };
      case 'drop':
        return { status: 200, headers, steps: [], ending: 'drop' };
    }
  }

  #message(reply: MessageReply, request: EmulatedRequest, format: WireFormat): Transmission {
    const answer = this.#answer(reply, request);
    const headers = { [format.requestIdHeader]: `req_${answer.id}` };
    if (!request.stream) return wholeMessage(reply, answer, { format, headers });
    const rendered = this.#render(reply, answer, format);
    const streamHeaders = { 'content-type': format.streamType, 'cache-control': 'no-cache', ...headers };
    const head = { status: 200, headers: streamHeaders, ending: 'end' as const };
    if (rendered.kind === 'in-steps') {
      return { ...head, steps: streamInSteps({ reply, answer, format }, rendered), id: answer.id };
    }
    const closing = format.closing(answer, rendered.frameCount);
    const { bytes, release } = rendered.buffer.take(answer.id, format.opening(answer), closing);
    return { ...head, steps: [{ data: bytes, waitMs: 0 }], release };
  }

  #answer(reply: MessageReply, request: EmulatedRequest): Answer {
    const streamOptions = request.body['stream_options'];
    return {
      id: `${this.#idPrefix}${serial(request.index)}`,
      model: request.model,
      createdAt: this.#createdAt,
      parts: reply.parts,
      finish: reply.finish,
      usage: usageOf(reply, request.bodyBytes),
      includeUsage:
        typeof streamOptions === 'object' &&
        streamOptions !== null &&
        !Array.isArray(streamOptions) &&
        streamOptions['include_usage'] === true,
    };
  }

  #render(reply: MessageReply, answer: Answer, format: WireFormat): Rendered {
    let variants = this.#rendered.get(reply);
    if (variants === undefined) {
      variants = new Map();
      this.#rendered.set(reply, variants);
    }
    const key = `${format.wire} ${answer.includeUsage} ${answer.model}`;
    let rendered = variants.get(key);
    if (rendered === undefined) {
      rendered = renderFrames(format.frames({ ...answer, id: idHole }), reply);
      variants.set(key, rendered);
    }
    return rendered;
  }
}

/** The frames of an answer with holes for its id, as its reply wants them sent. */
type Rendered =
  | { kind: 'at-once'; frameCount: number; buffer: AnswerBuffer }
  | {
      kind: 'in-steps';
      frameCount: number;
      /** One step a token, with the frames that precede it. */
      tokens: Step[];
      /** Number of frames up to and including each token. */
      framesUpTo: number[];
      /** The frames after the last token. */
      tail: string;
    };

function renderFrames(frames: Frame[], { pace, interruption }: MessageReply): Rendered {
  const frameCount = frames.length;
  if (pace.firstTokenMs === 0 && pace.betweenTokensMs === 0 && interruption === undefined) {
    const middle = frames.map((frame) => frame.text).join('');
    return { kind: 'at-once', frameCount, buffer: new AnswerBuffer(middle.split(idHole)) };
  }
  const tokens: Step[] = [];
  const framesUpTo: number[] = [];
  let waiting = '';
  for (const [index, frame] of frames.entries()) {
    waiting += frame.text;
    if (!frame.token) continue;
    tokens.push({ data: waiting.split(idHole), waitMs: tokens.length === 0 ? 0 : pace.betweenTokensMs });
    framesUpTo.push(index + 1);
    waiting = '';
  }
  return { kind: 'in-steps', frameCount, tokens, framesUpTo, tail: waiting };
}

interface StreamedMessage {
  reply: MessageReply;
  answer: Answer;
  format: WireFormat;
}

/** One write a token. The opening comes with the first token: a provider is silent until then. */
function streamInSteps(
  { reply, answer, format }: StreamedMessage,
  rendered: Rendered & { kind: 'in-steps' },
): Step[] {
  const opening = { data: format.opening(answer), waitMs: reply.pace.firstTokenMs };
  const closing = rendered.tail.replaceAll(idHole, answer.id) + format.closing(answer, rendered.frameCount);
  const { interruption } = reply;
  if (interruption === undefined) return [opening, ...rendered.tokens, { data: closing, waitMs: 0 }];
  const at = Math.min(interruption.afterTokens, rendered.tokens.length);
  const before = [opening, ...rendered.tokens.slice(0, at)];
  const after = [...rendered.tokens.slice(at), { data: closing, waitMs: 0 }];
  switch (interruption.kind) {
    case 'failure': {
      const framesSent = rendered.framesUpTo[at - 1] ?? 0;
      return [...before, { data: format.failureEvent(interruption.failure, framesSent), waitMs: 0 }];
    }
    case 'garbage':
      return [...before, { data: interruption.body, waitMs: 0 }, ...after];
    case 'pause':
      return [...before, { data: '', waitMs: 0, until: interruption.until }, ...after];
  }
}

interface WholeTarget {
  format: WireFormat;
  headers: Readonly<Record<string, string>>;
}

/** An answer in one piece comes when its last token would have. */
function wholeMessage(reply: MessageReply, answer: Answer, target: WholeTarget): Transmission {
  const { interruption, pace } = reply;
  if (interruption?.kind === 'failure')
    return failed(interruption.failure, target.format, `req_${answer.id}`);
  const tokens = reply.parts.reduce((sum, part) => sum + part.pieces.length, 0);
  const body = target.format.whole(answer);
  const waitMs = pace.firstTokenMs + Math.max(0, tokens - 1) * pace.betweenTokensMs;
  const half = Math.floor(body.length / 2);
  const steps: Step[] =
    interruption?.kind === 'garbage'
      ? [
          { data: body.slice(0, half), waitMs },
          { data: interruption.body, waitMs: 0 },
          { data: body.slice(half), waitMs: 0 },
        ]
      : [{ data: body, waitMs, ...(interruption?.kind === 'pause' && { until: interruption.until }) }];
  return {
    status: 200,
    headers: { 'content-type': 'application/json', ...target.headers },
    steps,
    ending: 'end',
  };
}

function failed(failure: FailureReply, format: WireFormat, requestId: string): Transmission {
  return {
    status: failure.status,
    headers: {
      'content-type': 'application/json',
      [format.requestIdHeader]: requestId,
      ...(failure.retryAfterSeconds !== undefined && { 'retry-after': String(failure.retryAfterSeconds) }),
    },
    steps: [{ data: format.failure(failure, requestId), waitMs: 0 }],
    ending: 'end',
  };
}

/** Counts what the script did not say: a token for four bytes of the request, and one a piece of the answer. */
function usageOf(reply: MessageReply, bodyBytes: number): EmulatedUsage {
  const count = (reasoningOnly: boolean): number =>
    reply.parts.reduce(
      (sum, part) => sum + (!reasoningOnly || part.type === 'reasoning' ? part.pieces.length : 0),
      0,
    );
  return {
    inputTokens: Math.ceil(bodyBytes / 4),
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: count(false),
    reasoningTokens: count(true),
    ...reply.usage,
  };
}

function serial(index: number): string {
  return String(index).padStart(8, '0');
}
