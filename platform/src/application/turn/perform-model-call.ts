import { BatutaError, type EventData } from '@batuta/contract';
import { withUniqueCallIds } from '../../domain/run/unique-call-ids.ts';
import { considerThrift } from '../economy/consider-thrift.ts';
import type { CallNeed } from '../../domain/budget/worst-case.ts';
import { stageEmbedding } from '../economy/embed-question.ts';
import { answerToKeep, type Unanswered } from '../economy/recall-answer.ts';
import { failuresOf, type ModelCallInput, type ModelCallOutcome } from '../model/call-model.ts';
import type { ModelRequest } from '../../port/model.ts';
import { buildRequest } from './build-request.ts';
import { turnNeed } from './call-need.ts';
import type { EngineContext } from './engine-context.ts';
import { failRun } from './fail-run.ts';
import { contextTooLong } from './compact-history.ts';
import { giveKeptAnswer } from './give-kept-answer.ts';
import type { HeldRun, RunEnd } from './held-run.ts';
import { meetRefusal } from './meet-limit.ts';
import { toolsInSight } from './offered-tools.ts';
import { secureCall, type Refusal, type SecuredCall } from './secure-call.ts';
import { secureTokens, type SecuredTokens } from './secure-tokens.ts';
import { closeReservation, settleCall } from './settle-reservation.ts';
import { stageAlerts } from './stage-alerts.ts';
import { untilAborted } from './until-aborted.ts';

/**
 * One model call: commits what is staged (the log up to here, and the money for the call), asks, streams the text to
 * whoever follows, stages the answer and what it cost. The answer is committed before anything that it asks for takes effect.
 */
export async function performModelCall(context: EngineContext, held: HeldRun): Promise<RunEnd | undefined> {
  const kept = await giveKeptAnswer(context, held);
  if (kept.isGiven) return undefined;
  await considerThrift(context, held);
  const { models, journal } = held;
  const need = turnNeed(context, {
    definition: held.definition,
    tools: toolsInSight(held),
    models,
    history: journal.state.history,
  });
  const tokens = await secureTokens(context, held, need.inputTokens);
  if (tokens.kind === 'refused') return tokens.end;
  try {
    return await callPaid(context, held, { kept, need, tokens });
  } finally {
    tokens.close();
  }
}

async function callPaid(
  context: EngineContext,
  held: HeldRun,
  { kept, need, tokens }: { kept: { unanswered: Unanswered | null }; need: CallNeed; tokens: SecuredTokens },
): Promise<RunEnd | undefined> {
  const secured = await secureCall(context, held, { models: held.models, need, writeAhead: true });
  stageEmbedding(context, held);
  if (secured.kind !== 'secured') return meetRefusal(context, held, secured);
  try {
    const { outcome, messageId } = await ask(context, held, secured);
    tokens.used(outcome.answer.usage);
    stageAnswer(held, outcome, messageId);
    settleCall(context, held, outcome);
    if (kept.unanswered) {
      const { unanswered } = kept;
      held.journal.stageRows({ cachedAnswers: answerToKeep(context, held, { unanswered, outcome }) });
    }
    if (held.money.accounts.size > 0) {
      const { book } = context.money;
      stageAlerts(context, held, await book.coverOf(held.lease.tenantId, held.money.covered));
    }
    return undefined;
  } catch (error) {
    return handleFailure(context, held, { error, refusal: await secured.close() });
  }
}

async function ask(
  context: EngineContext,
  held: HeldRun,
  secured: SecuredCall,
): Promise<{ outcome: ModelCallOutcome; messageId: string }> {
  const { feed, ids, probe } = context;
  const { lease, control } = held;
  const { models, money, outputTokens } = secured;
  const request = limitOutput(await buildRequest(context, held), outputTokens);
  const detail = { runId: lease.runId, name: models[0] ?? '' };
  const begin = () => feed.begin(lease.sessionId, held.journal.state.lastSeq, ids.create('message'));
  let message = begin();
  // Events that came between are before the message now.
  secured.onRenewed(() => {
    message.close();
    message = begin();
  });
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
      context.callModel({ tenantId: lease.tenantId, models, request, signal, sink, money }),
    );
    await probe.reach('model-call-after', detail);
    return { outcome, messageId: message.id };
  } finally {
    message.close();
  }
}

/** What was paid for is the longest answer that the provider may give. */
function limitOutput(request: ModelRequest, outputTokens: number | undefined): ModelRequest {
  if (outputTokens === undefined) return request;
  return { ...request, settings: { ...request.settings, maxOutputTokens: outputTokens } };
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
  { error, refusal }: { error: unknown; refusal: Refusal | null },
): Promise<RunEnd | undefined> {
  // Whoever goes on with the run, or ends it, closes the reservation: what was sent is lost.
  if (held.control.interruption !== null) return undefined;
  if (!BatutaError.has(error, 'model-unavailable')) throw error;
  const failures = failuresOf(error);
  closeReservation(held);
  held.journal.stage(...failures.map(failureEvent));
  if (refusal) return meetRefusal(context, held, refusal);
  if (failures.some((failure) => failure.code === 'context')) {
    if (held.compaction === 'tried') return failRun(context, held, contextTooLong(context, held));
    held.compaction = 'wanted';
    return undefined;
  }
  return failRun(context, held, { code: 'model-unavailable', data: error.data });
}
