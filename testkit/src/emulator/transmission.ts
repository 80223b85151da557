import type { EmulatedRequest } from './emulated-request.ts';
import type { EmulatedUsage, FailureReply, Interruption, MessageReply, Reply } from './reply.ts';
import { idHole, type Answer, type Frame, type WireFormat } from './wire.ts';

/** What is sent for one request: the head, and the steps of the body with their times. */
export interface Transmission {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  /** What follows the last step: the end of the answer, silence, or a broken connection. */
  readonly ending: 'end' | 'hang' | 'drop';
  /** The connection breaks after this many bytes of the body. */
  readonly cutAfterBytes?: number;
}

/** One write to the client. */
export interface Step {
  readonly data: string | Uint8Array;
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
    return {
      status: 200,
      headers: { 'content-type': format.streamType, 'cache-control': 'no-cache', ...headers },
      steps: streamSteps({ reply, answer, format, rendered }),
      ending: 'end',
    };
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
      rendered = renderFrames(format.frames({ ...answer, id: idHole }));
      variants.set(key, rendered);
    }
    return rendered;
  }
}

/** The frames of an answer with a hole for its id, cut apart in two ways. */
interface Rendered {
  frameCount: number;
  /** All frames, split at the holes: joined by an id they are the middle of the stream. */
  middle: string[];
  /** One text a token, with the frames that precede it; holes left in. */
  tokens: string[];
  /** Number of frames up to and including each token. */
  framesUpTo: number[];
  /** The frames after the last token. */
  tail: string;
}

function renderFrames(frames: Frame[]): Rendered {
  const tokens: string[] = [];
  const framesUpTo: number[] = [];
  let waiting = '';
  for (const [index, frame] of frames.entries()) {
    waiting += frame.text;
    if (!frame.token) continue;
    tokens.push(waiting);
    framesUpTo.push(index + 1);
    waiting = '';
  }
  const middle = [...tokens, waiting].join('').split(idHole);
  return { frameCount: frames.length, middle, tokens, framesUpTo, tail: waiting };
}

interface StreamedMessage {
  reply: MessageReply;
  answer: Answer;
  format: WireFormat;
  rendered: Rendered;
}

function streamSteps(message: StreamedMessage): Step[] {
  const { reply, answer, format, rendered } = message;
  const opening = format.opening(answer);
  const closing = format.closing(answer, rendered.frameCount);
  const { firstTokenMs, betweenTokensMs } = reply.pace;
  const { interruption } = reply;
  if (interruption === undefined && betweenTokensMs === 0) {
    return [{ data: opening + rendered.middle.join(answer.id) + closing, waitMs: firstTokenMs }];
  }
  const steps: Step[] = rendered.tokens.map((token, index) => ({
    data: (index === 0 ? opening : '') + token.replaceAll(idHole, answer.id),
    waitMs: index === 0 ? firstTokenMs : betweenTokensMs,
  }));
  const tail = rendered.tail.replaceAll(idHole, answer.id) + closing;
  steps.push({ data: steps.length === 0 ? opening + tail : tail, waitMs: 0 });
  return interruption === undefined ? steps : interrupted(steps, interruption, message);
}

/** Puts the interruption after its token. With fewer tokens than that it comes before the end. */
function interrupted(steps: Step[], interruption: Interruption, message: StreamedMessage): Step[] {
  const { answer, format, rendered } = message;
  const at = Math.min(interruption.afterTokens, rendered.tokens.length);
  const before = steps.slice(0, at);
  const after = steps.slice(at);
  // The opening belongs to the first step; when nothing comes before the interruption it is sent alone.
  const lead: Step[] =
    at === 0 ? [{ data: format.opening(answer), waitMs: message.reply.pace.firstTokenMs }] : before;
  const rest = at === 0 ? withoutOpening(after, format.opening(answer)) : after;
  switch (interruption.kind) {
    case 'failure': {
      const sent = at === 0 ? 0 : (rendered.framesUpTo[at - 1] ?? 0);
      return [...lead, { data: format.failureEvent(interruption.failure, sent), waitMs: 0 }];
    }
    case 'garbage':
      return [...lead, { data: interruption.body, waitMs: 0 }, ...rest];
    case 'pause':
      return [
        ...lead,
        ...rest.map((step, index) => (index === 0 ? { ...step, until: interruption.until } : step)),
      ];
  }
}

function withoutOpening(steps: Step[], opening: string): Step[] {
  return steps.map((step, index) =>
    index === 0 && typeof step.data === 'string'
      ? { data: step.data.slice(opening.length), waitMs: 0 }
      : step,
  );
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
