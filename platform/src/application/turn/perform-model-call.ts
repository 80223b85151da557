import { BatutaError, type EventData } from '@batuta/contract';
import { withUniqueCallIds } from '../../domain/run/unique-call-ids.ts';
import { answerToKeep } from '../economy/recall-answer.ts';
import { failuresOf, type ModelCallInput, type ModelCallOutcome } from '../model/call-model.ts';
import { buildRequest } from './build-request.ts';
import type { EngineContext } from './engine-context.ts';
import { failRun } from './fail-run.ts';
import { contextTooLong } from './compact-history.ts';
import { giveKeptAnswer } from './give-kept-answer.ts';
import type { HeldRun, RunEnd } from './held-run.ts';
import { untilAborted } from './until-aborted.ts';

/**
 * One model call: commits what is staged (the log up to here, and the money for the call), asks, streams the text to
 * whoever follows, stages the answer. The answer is committed before anything that it asks for takes effect.
 */
export async function performModelCall(context: EngineContext, held: HeldRun): Promise<RunEnd | undefined> {
  const kept = await giveKeptAnswer(context, held);
  if (kept.isGiven) return undefined;
  if (held.journal.isStaged) {
    const receipt = await held.journal.commit();
    if (receipt.outcome === 'committed' && receipt.signalsPending) {
      held.control.mustFetch = true;
      return undefined;
    }
  }
  if (held.control.isStopping) return undefined;
  try {
    const { outcome, messageId } = await ask(context, held);
    stageAnswer(held, outcome, messageId);
    if (kept.unanswered) {
      const { unanswered } = kept;
      held.journal.stageRows({ cachedAnswers: answerToKeep(context, held, { unanswered, outcome }) });
    }
    return undefined;
  } catch (error) {
    return handleFailure(context, held, error);
  }
}

async function ask(
  context: EngineContext,
  held: HeldRun,
): Promise<{ outcome: ModelCallOutcome; messageId: string }> {
  const { feed, ids, probe } = context;
  const { lease, models, control } = held;
  const request = await buildRequest(context, held);
  const detail = { runId: lease.runId, name: models[0] ?? '' };
  const message = feed.begin(lease.sessionId, held.journal.state.lastSeq, ids.create('message'));
  let started = false;
  try {
    await probe.reach('model-call-before', detail);
    const sink: ModelCallInput['sink'] = {
      text: (delta) => {
        if (!started) void probe.reach('model-call-first-token', detail);
        started = true;
        message.text(delta);
      },
      reset: () => message.restart(ids.create('message')),
    };
    const outcome = await untilAborted(control.signal, (signal) =>
      context.callModel({ models, request, signal, sink }),
    );
    await probe.reach('model-call-after', detail);
    return { outcome, messageId: message.id };
  } finally {
    message.close();
  }
}

function stageAnswer(held: HeldRun, outcome: ModelCallOutcome, messageId: string): void {
  const { answer, model, costMicros, firstTokenMs, durationMs } = outcome;
  held.compaction = 'none';
  held.journal.stage(...outcome.failures.map(failureEvent), {
    kind: 'model-call-settled',
    data: {
      message_id: messageId,
      model,
      parts: withUniqueCallIds(held.journal.state, answer.parts),
      finish_reason: answer.finishReason,
      usage: answer.usage,
      cost_micros: costMicros,
      first_token_ms: Math.round(firstTokenMs),
      duration_ms: Math.round(durationMs),
    },
  });
}

function failureEvent(data: EventData<'model-call-failed'>) {
  return { kind: 'model-call-failed', data } as const;
}

async function handleFailure(
  context: EngineContext,
  held: HeldRun,
  error: unknown,
): Promise<RunEnd | undefined> {
  if (held.control.interruption !== null) return undefined;
  if (!BatutaError.has(error, 'model-unavailable')) throw error;
  const failures = failuresOf(error);
  held.journal.stage(...failures.map(failureEvent));
  if (failures.some((failure) => failure.code === 'context')) {
    if (held.compaction === 'tried') return failRun(context, held, contextTooLong(context, held));
    held.compaction = 'wanted';
    return undefined;
  }
  return failRun(context, held, { code: 'model-unavailable', data: error.data });
}
