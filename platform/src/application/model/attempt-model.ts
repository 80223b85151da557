import { BatutaError } from '@batuta/contract';
import type { Clock } from '../../port/clock.ts';
import type { LanguageModel, ModelAnswer, ModelRequest, TextSink } from '../../port/model.ts';
import { startAttemptTimer, type AttemptTimes } from './attempt-timer.ts';

/** Receives the text of an answer while it is made. Contract: both return at once and never throw. */
export interface MessageSink {
  text(delta: string): void;
  /** The text so far is void: the next try starts anew. Only called after `text` was. */
  reset(): void;
}

/** One try of one model. */
export interface Attempt {
  model: LanguageModel;
  request: ModelRequest;
  sink: MessageSink;
  signal: AbortSignal;
  times: AttemptTimes;
  /** Called once, with the first piece of an answer. */
  onArrival?: () => void;
}

/** What a try gave, and when. */
export interface AttemptOutcome {
  answer: ModelAnswer;
  firstTokenMs: number;
  durationMs: number;
}

/** What has arrived of an answer. */
interface Arrival {
  open: boolean;
  hasText: boolean;
  firstAt: number | undefined;
}

/**
 * Calls a model once. It ends when the model does, when its time is over (`model-call-failed`, kind `timeout`) or when
 * the signal aborts (its reason), also if the model does not listen. Text of a failed try is taken back; text that
 * comes after the end goes nowhere.
 */
export async function attemptModel(clock: Clock, attempt: Attempt): Promise<AttemptOutcome> {
  const { model, request, sink, signal, times } = attempt;
  signal.throwIfAborted();
  const ended = new AbortController();
  const leave = (): void => ended.abort(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  const timer = startAttemptTimer(clock, times, (reason) => ended.abort(timedOut(model.reference, reason)));
  const arrival: Arrival = { open: true, hasText: false, firstAt: undefined };
  const touch = (): void => {
    timer.touch();
    if (arrival.firstAt !== undefined) return;
    arrival.firstAt = clock.monotonic();
    attempt.onArrival?.();
  };
  const startedAt = clock.monotonic();
  try {
    const answer = await unlessAborted(
      ended.signal,
      model.call(request, guard(sink, arrival, touch), ended.signal),
    );
    const endedAt = clock.monotonic();
    const firstTokenMs = Math.round((arrival.firstAt ?? endedAt) - startedAt);
    return { answer, firstTokenMs, durationMs: Math.round(endedAt - startedAt) };
  } catch (error) {
    if (arrival.hasText) sink.reset();
    throw error;
  } finally {
    arrival.open = false;
    timer.stop();
    signal.removeEventListener('abort', leave);
  }
}

function guard(sink: MessageSink, arrival: Arrival, touch: () => void): TextSink {
  return {
    text(delta) {
      if (!arrival.open) return;
      touch();
      arrival.hasText = true;
      sink.text(delta);
    },
    progress: touch,
  };
}

function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return Promise.race([work, promise]);
}

function timedOut(model: string, reason: string): BatutaError<'model-call-failed'> {
  return new BatutaError('model-call-failed', {
    model,
    kind: 'timeout',
    reason,
    retryable: true,
    retry_after_ms: null,
    provider_status: null,
    sent: true,
  });
}
