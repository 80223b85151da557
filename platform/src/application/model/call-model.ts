import { BatutaError, type EventData } from '@batuta/contract';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import type { LanguageModel, ModelAnswer, ModelRegistry, ModelRequest, PriceList } from '../../port/model.ts';
import type { CallMoney } from './call-money.ts';
import type { AttemptOutcome, MessageSink } from './attempt-model.ts';
import type { ModelCallLimits } from './model-call-limits.ts';
import { createProviderCircuits } from './provider-circuits.ts';
import { ProviderPlaces } from './provider-places.ts';
import { tryModel, type FailedTry, type TryContext, type TryOutcome } from './try-model.ts';

export type { MessageSink } from './attempt-model.ts';

/** One question to the models of an agent. */
export interface ModelCallInput {
  /** Whose call it is; tenants share the places of a provider. */
  tenantId: string;
  /** In order of preference. */
  models: readonly string[];
  request: ModelRequest;
  sink: MessageSink;
  signal: AbortSignal;
  /** Required: no model is asked without somebody who answers for what it costs. */
  money: CallMoney;
}

/** An answer, who gave it, what it cost, and who failed before. */
export interface ModelCallOutcome {
  answer: ModelAnswer;
  model: string;
  /** Null when the model has no known price. */
  costMicros: number | null;
  failures: ModelFailure[];
  /** Of the try that succeeded. */
  firstTokenMs: number;
  durationMs: number;
}

/**
 * A model that was given up. `code` is the kind of its last failure (`rate-limited`, `context`, ...), `circuit-open`
 * when its provider is being left alone, `provider-busy` when it has no place for another call, or `unusable` when the reference names nothing that can be called.
 */
export type ModelFailure = EventData<'model-call-failed'>;

/** What a caller of models is made of. */
export interface ModelCallerDependencies {
  registry: ModelRegistry;
  prices: Pick<PriceList, 'cost'>;
  clock: Clock;
  log: Log;
  limits: ModelCallLimits;
  /** A number in [0, 1); it spreads the tries of many runs. */
  random?: () => number;
}

/** Asks models. Errors: `model-unavailable` (see `failuresOf`); an abort rejects with the signal's reason. */
export type ModelCaller = (call: ModelCallInput) => Promise<ModelCallOutcome>;

/**
 * Makes the one function through which models are asked. The models of a call are tried in order, each several times where
 * that can help. A text that was begun and not finished is taken back (`reset`) before the next try. After a history proved
 * too long, only models with a larger context are tried: the caller compacts and asks again.
 */
export function createModelCaller(dependencies: ModelCallerDependencies): ModelCaller {
  const { clock, limits, registry, prices, log, random = Math.random } = dependencies;
  const rule = { failures: limits.breakerFailures, openMs: limits.breakerOpenMs };
  const circuits = createProviderCircuits(clock, rule);
  const context = { clock, log, limits, random, circuits, places: new ProviderPlaces(clock, limits) };
  return async (call) => {
    const { outcome, model, failures } = await callInOrder(context, registry, call);
    return { ...outcome, model, failures, costMicros: prices.cost(model, outcome.answer.usage) };
  };
}

/** The models that failed, from the error `model-unavailable`; empty for any other error. */
export function failuresOf(error: unknown): ModelFailure[] {
  return BatutaError.has(error, 'model-unavailable') && Array.isArray(error.cause) ? error.cause : [];
}

/** Whether the history did not fit into a model: compacting it and asking again may help. */
export function isContextTooLong(error: unknown): boolean {
  return failuresOf(error).some(({ code }) => code === 'context');
}

interface Answered {
  outcome: AttemptOutcome;
  model: string;
  failures: ModelFailure[];
}

/** What is known of a call so far. */
interface Asking {
  call: ModelCallInput;
  /** Monotonic time at which all tries of all models must be over. */
  deadline: number;
  /** The last failure of each model, in the order of their first ones. */
  failed: Map<string, FailedTry & { next: string | null }>;
  /** Context of the largest model for which the history was too long. */
  tooSmall: number;
}

/**
 * Models whose providers are left alone are passed over as long as there are others. When nothing else is left they are waited
 * for: a run that can go on in half a minute need not fail.
 */
async function callInOrder(
  context: TryContext,
  registry: ModelRegistry,
  call: ModelCallInput,
): Promise<Answered> {
  const deadline = context.clock.monotonic() + context.limits.totalMs;
  const asking: Asking = { call, deadline, failed: new Map(), tooSmall: 0 };
  let references = call.models;
  for (;;) {
    const answered = await callEach(context, registry, { asking, references });
    if (answered) return answered;
    references = call.models.filter((reference) => asking.failed.get(reference)?.isLeftAlone);
    const isLate = context.clock.monotonic() >= deadline;
    if (isLate || references.length === 0) throw unavailable(failuresIn(asking));
    const providers = references.map((reference) => registry.find(reference)?.provider ?? '');
    await context.circuits.untilPassable(providers, { latest: deadline, signal: call.signal });
    call.signal.throwIfAborted();
  }
}

async function callEach(
  context: TryContext,
  registry: ModelRegistry,
  { asking, references }: { asking: Asking; references: readonly string[] },
): Promise<Answered | undefined> {
  const { call, deadline, failed } = asking;
  let waiting = [...references];
  for (;;) {
    const [reference, ...others] = waiting;
    if (reference === undefined) return undefined;
    const model = registry.find(reference);
    const attempted = triesOf(failed.get(reference));
    const result = model ? await tryModel(context, { ...call, model, deadline, attempted }) : unusable;
    if (result.ok) {
      failed.delete(reference);
      return { outcome: result.outcome, model: reference, failures: failuresIn(asking) };
    }
    if (result.code === 'context') asking.tooSmall = Math.max(asking.tooSmall, model?.contextTokens ?? 0);
    const isLate = context.clock.monotonic() >= deadline;
    waiting = isLate ? [] : others.filter((other) => isLarger(registry.find(other), asking.tooSmall));
    failed.set(reference, { ...result, next: waiting[0] ?? null });
  }
}

const untried: readonly string[] = ['circuit-open', 'provider-busy'];

/** A model that was only passed over has had no try. */
function triesOf(failed: FailedTry | undefined): number {
  return failed === undefined || untried.includes(failed.code) ? 0 : failed.attempts;
}

function failuresIn({ failed }: Asking): ModelFailure[] {
  return [...failed].map(([model, { code, message, attempts, next }]) => ({
    model,
    code,
    message,
    attempts,
    next_model: next,
  }));
}

const unusable: TryOutcome = {
  ok: false,
  code: 'unusable',
  message: 'its provider is unknown or lacks a key',
  attempts: 1,
  isLeftAlone: false,
};

/** A reference that names nothing stays in the list, so that its failure is told. */
function isLarger(model: LanguageModel | undefined, tooSmall: number): boolean {
  return tooSmall === 0 || (model !== undefined && model.contextTokens > tooSmall);
}

function unavailable(failures: ModelFailure[]): BatutaError<'model-unavailable'> {
  const causes = failures.map(({ model, message }) => `${model}: ${message}`).join('; ');
  return new BatutaError(
    'model-unavailable',
    { causes: causes || 'the agent has no model' },
    { cause: failures },
  );
}
