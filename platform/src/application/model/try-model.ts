import { BatutaError, type ErrorData } from '@batuta/contract';
import { retryDelay } from '../../domain/model/retry-delay.ts';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import type { LanguageModel, ModelRequest } from '../../port/model.ts';
import { attemptModel, type AttemptOutcome, type MessageSink } from './attempt-model.ts';
import type { CallMoney } from './call-money.ts';
import { mayBeBilled } from './may-be-billed.ts';
import type { ModelCallLimits } from './model-call-limits.ts';
import type { ProviderCircuits } from './provider-circuits.ts';
import type { ProviderPlaces } from './provider-places.ts';

/** What tries are made with. */
export interface TryContext {
  clock: Clock;
  log: Log;
  limits: ModelCallLimits;
  circuits: ProviderCircuits;
  places: ProviderPlaces;
  /** A number in [0, 1). */
  random: () => number;
}

/** One model to be tried, and until when. */
export interface ModelTry {
  tenantId: string;
  model: LanguageModel;
  request: ModelRequest;
  sink: MessageSink;
  signal: AbortSignal;
  money: CallMoney;
  /** Monotonic time at which all tries of all models must be over. */
  deadline: number;
  /** Tries that this model has had for this question. */
  attempted: number;
}

/** An answer, or why there is none. */
export type TryOutcome = { ok: true; outcome: AttemptOutcome } | ({ ok: false } & FailedTry);

/** Why a model gave no answer. */
export interface FailedTry {
  code: string;
  message: string;
  attempts: number;
  /** It would have been tried, or tried again, if its provider were not left alone for now. */
  isLeftAlone: boolean;
}

type FailureData = ErrorData<'model-call-failed'>;

/** Tries one model until it answers, or trying again makes no sense. An abort rejects with the signal's reason. */
export async function tryModel(context: TryContext, tried: ModelTry): Promise<TryOutcome> {
  const { model, signal } = tried;
  const { clock } = context;
  let failure: FailureData | undefined;
  let attempts = tried.attempted;
  for (;;) {
    if (!tried.money.isCovered && !(await tried.money.renew())) return outOfMoney(attempts);
    const result = await attemptInPlace(context, tried);
    if (result === 'busy') return busy(model, attempts);
    if (result === 'left-alone') break;
    attempts += 1;
    if (result.ok) return result;
    failure = result.failure;
    const delay = delayBeforeRetry(context, { failure, attempts, deadline: tried.deadline });
    reportFailure(context.log, failure, { attempts, retryInMs: delay });
    if (delay === undefined)
      return { ok: false, code: failure.kind, message: failure.reason, attempts, isLeftAlone: false };
    await clock.sleep(delay, signal);
    signal.throwIfAborted();
  }
  const message = `${model.provider} failed too often and is left alone for a while`;
  if (failure !== undefined)
    return { ok: false, code: failure.kind, message: failure.reason, attempts, isLeftAlone: true };
  return { ok: false, code: 'circuit-open', message, attempts: Math.max(1, attempts), isLeftAlone: true };
}

function outOfMoney(attempts: number): TryOutcome {
  const message = 'there is no money for another try';
  return { ok: false, code: 'budget', message, attempts: Math.max(1, attempts), isLeftAlone: false };
}

function busy({ provider }: LanguageModel, attempts: number): TryOutcome {
  const message = `${provider} has no place for another call: too many are under way in this process`;
  return { ok: false, code: 'provider-busy', message, attempts: Math.max(1, attempts), isLeftAlone: true };
}

type Attempted = { ok: true; outcome: AttemptOutcome } | { ok: false; failure: FailureData };

/** One try, in one of the provider's places. Nobody is asked, and no time limit of the answer runs, before there is a place. */
async function attemptInPlace(
  context: TryContext,
  tried: ModelTry,
): Promise<Attempted | 'busy' | 'left-alone'> {
  const { clock, circuits, limits, places } = context;
  const { model, tenantId, signal, deadline } = tried;
  const waitMs = Math.min(limits.placeMs, Math.max(0, deadline - clock.monotonic()));
  const place = await places.enter(model.provider, tenantId, { waitMs, signal });
  if (!place) return 'busy';
  try {
    if (!circuits.enter(model.provider)) return 'left-alone';
    const result = await attemptOnce(context, tried);
    circuits.report(model.provider, result.ok ? null : result.failure.kind);
    return result;
  } finally {
    place.leave();
  }
}

async function attemptOnce(
  { clock, limits }: TryContext,
  { deadline, money, ...attempt }: ModelTry,
): Promise<Attempted> {
  const callMs = Math.min(limits.callMs, Math.max(0, deadline - clock.monotonic()));
  let hasArrived = false;
  const onArrival = () => void (hasArrived = true);
  money.sending();
  try {
    const times = { ...limits, callMs };
    return { ok: true, outcome: await attemptModel(clock, { ...attempt, times, onArrival }) };
  } catch (error) {
    attempt.signal.throwIfAborted();
    if (!BatutaError.has(error, 'model-call-failed')) throw error;
    money.failed(mayBeBilled(error.data, hasArrived));
    return { ok: false, failure: error.data };
  }
}

/** Milliseconds until the next try; undefined when there shall be none. */
function delayBeforeRetry(
  { clock, limits, random }: TryContext,
  { failure, attempts, deadline }: { failure: FailureData; attempts: number; deadline: number },
): number | undefined {
  if (!failure.retryable || attempts >= limits.attempts) return undefined;
  const rule = { baseMs: limits.backoffBaseMs, capMs: limits.backoffCapMs };
  const delay = retryDelay(rule, { attempt: attempts, retryAfterMs: failure.retry_after_ms }, random());
  const inTime = clock.monotonic() + delay < deadline;
  return inTime && delay <= limits.backoffCapMs ? delay : undefined;
}

function reportFailure(
  log: Log,
  failure: FailureData,
  { attempts, retryInMs }: { attempts: number; retryInMs: number | undefined },
): void {
  const { model, kind, reason, provider_status: status } = failure;
  log.warn('model call failed', {
    model,
    kind,
    reason,
    status,
    attempt: attempts,
    retry_in_ms: retryInMs ?? null,
  });
}
