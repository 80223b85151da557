import { BatutaError, noUsage, type ErrorData } from '@batuta/contract';
import type { Clock } from '../../src/port/clock.ts';
import type { Log } from '../../src/port/log.ts';
import type {
  LanguageModel,
  ModelAnswer,
  ModelRegistry,
  ModelRequest,
  TextSink,
} from '../../src/port/model.ts';

/** What a scripted model does in one call. */
export type Behaviour = (sink: TextSink, signal: AbortSignal) => Promise<ModelAnswer>;

/** An answer of one text. */
export function answer(text: string): ModelAnswer {
  return {
    parts: [{ type: 'text', text }],
    finishReason: 'stop',
    usage: { ...noUsage, input_tokens: 10, output_tokens: 5 },
  };
}

/** Streams a text and answers with it. */
export function says(text: string): Behaviour {
  return (sink) => {
    sink.text(text);
    return Promise.resolve(answer(text));
  };
}

/** Streams `partial`, if any, then fails. */
export function fails(failure: Partial<ErrorData<'model-call-failed'>> = {}, partial = ''): Behaviour {
  return (sink) => {
    if (partial !== '') sink.text(partial);
    const data = {
      model: 'm',
      kind: 'server',
      reason: 'broken',
      retryable: true,
      retry_after_ms: null,
      provider_status: 500,
      sent: true,
    } as const;
    return Promise.reject(new BatutaError('model-call-failed', { ...data, ...failure }));
  };
}

/** Streams `partial`, if any, then does nothing until it is aborted. */
export function hangs(partial = ''): Behaviour {
  return (sink, signal) => {
    if (partial !== '') sink.text(partial);
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
}

/** A model that does one thing a call, the last one ever after. */
export function scriptedModel(
  reference: string,
  behaviours: readonly Behaviour[],
  contextTokens = 100_000,
): LanguageModel & { calls: number } {
  return {
    reference,
    provider: reference.slice(0, reference.indexOf('/')),
    contextTokens,
    calls: 0,
    call(_, sink, signal) {
      const behaviour = behaviours[Math.min(this.calls, behaviours.length - 1)];
      this.calls += 1;
      return behaviour === undefined ? Promise.resolve(answer('')) : behaviour(sink, signal);
    },
  };
}

/** A registry of these models and no others. */
export function registryOf(...models: LanguageModel[]): ModelRegistry {
  return {
    find: (reference) => models.find((model) => model.reference === reference),
    defaults: () => [],
    describe: () => [],
  };
}

/** Time that passes at once: whoever sleeps wakes up later without waiting. Sleeps beyond `longest` only end by abort. */
export class SkippingClock implements Clock {
  readonly slept: number[] = [];
  time = 1_000_000;
  readonly #longest: number;

  constructor(longest: number) {
    this.#longest = longest;
  }

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time;
  }

  after(ms: number, callback: () => void): () => void {
    const stopped = new AbortController();
    void this.sleep(ms, stopped.signal).then(() => {
      if (!stopped.signal.aborted) callback();
    });
    return () => stopped.abort();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms > this.#longest) {
      return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
    }
    this.slept.push(ms);
    this.time += ms;
    return Promise.resolve();
  }
}

/** What was streamed: texts, and `RESET` where they were taken back. */
export function recordingSink() {
  const seen: string[] = [];
  return { seen, text: (delta: string) => void seen.push(delta), reset: () => void seen.push('RESET') };
}

/** A log that remembers its warnings. */
export function recordingLog(): Log & { warnings: unknown[] } {
  const warnings: unknown[] = [];
  const nothing = (): void => undefined;
  return {
    warnings,
    debug: nothing,
    info: nothing,
    error: nothing,
    warn: (_, fields) => void warnings.push(fields),
  };
}

/** The simplest question. */
export const question: ModelRequest = {
  instructions: 'Be short.',
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }],
  tools: [],
  settings: {},
};
