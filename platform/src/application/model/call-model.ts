import { BatutaError, type EventData } from '@batuta/contract';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import type { ModelAnswer, ModelRegistry, ModelRequest, PriceList, TextSink } from '../../port/model.ts';
import type { ModelCallLimits } from './model-call-limits.ts';

/** Receives the text of an answer while it is made. Contract: both return at once and never throw. */
export interface MessageSink extends TextSink {
  /** The text so far is void: the next try starts anew. Only called after `text` was. */
  reset(): void;
}

/** One question to the models of an agent. */
export interface ModelCallInput {
  /** In order of preference. */
  models: readonly string[];
  request: ModelRequest;
  sink: MessageSink;
  signal: AbortSignal;
}

/** An answer, who gave it, what it cost, and who failed before. */
export interface ModelCallOutcome {
  answer: ModelAnswer;
  model: string;
  costMicros: number | null;
  failures: ModelFailure[];
  firstTokenMs: number;
  durationMs: number;
}

/**
 * A model that was given up. `code` is the kind of its last failure (`rate-limited`, `context`, ...), `circuit-open`
 * when its provider is being left alone, or `unusable` when the reference names nothing that can be called.
 */
export type ModelFailure = EventData<'model-call-failed'>;

/** What a caller of models is made of. */
export interface ModelCallerDependencies {
  registry: ModelRegistry;
  prices: PriceList;
  clock: Clock;
  log: Log;
  limits: ModelCallLimits;
}

/** Asks models. Errors: `model-unavailable` (see `failuresOf`); an abort rejects with the signal's reason. */
export type ModelCaller = (call: ModelCallInput) => Promise<ModelCallOutcome>;

/** Makes the one function through which models are asked. */
export function createModelCaller(dependencies: ModelCallerDependencies): ModelCaller {
  return (call) => callInOrder(dependencies, call);
}

/** The models that failed, from the error `model-unavailable`; empty for any other error. */
export function failuresOf(error: unknown): ModelFailure[] {
  return BatutaError.has(error, 'model-unavailable') && Array.isArray(error.cause) ? error.cause : [];
}

/** Whether the history did not fit into a model: compacting it and asking again may help. */
export function isContextTooLong(error: unknown): boolean {
  return failuresOf(error).some(({ code }) => code === 'context');
}

async function callInOrder(
  { registry, prices, clock }: ModelCallerDependencies,
  call: ModelCallInput,
): Promise<ModelCallOutcome> {
  const failures: ModelFailure[] = [];
  const startedAt = clock.monotonic();
  for (const [index, reference] of call.models.entries()) {
    let firstTokenAt: number | undefined;
    const sink: TextSink = {
      text(delta) {
        firstTokenAt ??= clock.monotonic();
        call.sink.text(delta);
      },
    };
    try {
      const model = registry.find(reference);
      if (model === undefined) {
        failures.push(
          describeFailure(call, index, { code: 'unusable', message: 'no such provider, or no key for it' }),
        );
        continue;
      }
      const answer = await model.call(call.request, sink, call.signal);
      const durationMs = Math.round(clock.monotonic() - startedAt);
      const firstTokenMs = Math.round((firstTokenAt ?? clock.monotonic()) - startedAt);
      const costMicros = prices.cost(reference, answer.usage);
      return { answer, model: reference, costMicros, failures, firstTokenMs, durationMs };
    } catch (error) {
      call.signal.throwIfAborted();
      if (!BatutaError.has(error, 'model-call-failed')) throw error;
      if (firstTokenAt !== undefined) call.sink.reset();
      failures.push(describeFailure(call, index, { code: error.data.kind, message: error.data.reason }));
    }
  }
  const causes = failures.map(({ model, message }) => `${model}: ${message}`).join('; ');
  throw new BatutaError('model-unavailable', { causes }, { cause: failures });
}

function describeFailure(
  call: ModelCallInput,
  index: number,
  what: { code: string; message: string },
): ModelFailure {
  return {
    model: call.models[index] ?? '',
    ...what,
    attempts: 1,
    next_model: call.models[index + 1] ?? null,
  };
}
