import type { EventData, NewEvent } from '@batuta/contract';
import { cacheKey, comparableQuestion } from '../../domain/economy/cache-key.ts';
import { agreeInFacts, similarity } from '../../domain/economy/same-question.ts';
import { labelsOf } from '../../domain/policy/context-taint.ts';
import type { CachedAnswer, CacheKey, EmbeddedQuestion, NewCachedAnswer } from '../../port/answer-cache.ts';
import type { ModelRequest } from '../../port/model.ts';
import type { ModelCallOutcome } from '../model/call-model.ts';
import type { EngineContext } from '../turn/engine-context.ts';
import type { HeldRun } from '../turn/held-run.ts';
import { embedQuestion } from './embed-question.ts';

/** Newest questions of an agent that a new one is compared with. */
const compared = 200;

const minuteMs = 60_000;

type CacheRules = NonNullable<HeldRun['definition']['cache']>;

/** A question that nobody has answered yet: under what its answer will be kept. */
export interface Unanswered {
  key: CacheKey;
  question: EmbeddedQuestion | null;
}

/** What the cache says of a question. */
export type Recalled =
  | { kind: 'hit'; answer: CachedAnswer; cached: NonNullable<EventData<'model-call-settled'>['cached']> }
  | { kind: 'miss'; unanswered: Unanswered }
  /** The agent keeps no answers, or this one must not be kept. */
  | { kind: 'none' };

/** Looks for an answer to what is about to be asked. A cache that fails is no cache: it never fails a run. */
export async function recallAnswer(
  context: EngineContext,
  held: HeldRun,
  request: ModelRequest,
): Promise<Recalled> {
  const rules = held.definition.cache;
  const key = rules && mayBeKept(held) ? cacheKey(request, partitionOf(held)) : undefined;
  if (!rules || !key) return { kind: 'none' };
  try {
    const exact = await context.answers.find(held.lease.tenantId, key);
    if (exact) return hit(exact, { kind: 'exact' });
    return await recallByMeaning(context, held, { key, rules, request });
  } catch (error) {
    context.log.warn('kept answers cannot be used for now', { run_id: held.lease.runId, error });
    return { kind: 'none' };
  }
}

async function recallByMeaning(
  context: EngineContext,
  held: HeldRun,
  { key, rules, request }: { key: CacheKey; rules: CacheRules; request: ModelRequest },
): Promise<Recalled> {
  const text = comparableQuestion(request);
  const { semantic: threshold } = rules;
  if (threshold === undefined || text === undefined) {
    return { kind: 'miss', unanswered: { key, question: null } };
  }
  const question = await embedQuestion(context, held, text);
  if (!question) return { kind: 'miss', unanswered: { key, question: null } };
  const known = await context.answers.questions(held.lease.tenantId, key.partition, compared);
  const near = known
    .map((each) => ({ ...each, likeness: similarity(each.embedding, question.embedding) }))
    .filter((each) => each.likeness >= threshold && agreeInFacts(each.text, text))
    .toSorted((one, other) => other.likeness - one.likeness)[0];
  if (!near) return { kind: 'miss', unanswered: { key, question } };
  return hit(near.answer, { kind: 'semantic', similarity: Math.round(near.likeness * 10_000) / 10_000 });
}

/** What was read from private sources is not given to whoever asks the same next. */
function mayBeKept(held: HeldRun): boolean {
  return !labelsOf(held.journal.state.taint).includes('private');
}

function partitionOf({ record, models }: HeldRun) {
  const { definitionHash, ownerId } = record;
  return { definitionHash, models, owner: ownerId };
}

function hit(
  answer: CachedAnswer,
  how: { kind: 'exact' } | { kind: 'semantic'; similarity: number },
): Recalled {
  const cached = { ...how, answer_id: answer.id, saved_micros: answer.costMicros };
  return { kind: 'hit', answer, cached };
}

/** The event of an answer that was given again: nobody was asked, and it costs nothing. */
export function recalledEvent(recalled: Extract<Recalled, { kind: 'hit' }>, messageId: string): NewEvent {
  const { answer, cached } = recalled;
  return {
    kind: 'model-call-settled',
    data: {
      message_id: messageId,
      model: answer.model,
      parts: answer.parts,
      finish_reason: 'stop',
      usage: {
        input_tokens: 0,
        cached_input_tokens: 0,
        cache_write_tokens: 0,
        output_tokens: 0,
        reasoning_tokens: 0,
      },
      cost_micros: 0,
      first_token_ms: 0,
      duration_ms: 0,
      cached,
    },
  };
}

/** The answer to be kept with the event that settles it; none where it asks for tools or was cut short. */
export function answerToKeep(
  context: EngineContext,
  held: HeldRun,
  { unanswered, outcome }: { unanswered: Unanswered; outcome: ModelCallOutcome },
): NewCachedAnswer[] {
  const { answer, model, costMicros } = outcome;
  const rules = held.definition.cache;
  const isWhole = answer.finishReason === 'stop' && answer.parts.every((part) => part.type === 'text');
  // The last resort of a chain answers for want of something better, and says so.
  if (!rules || !isWhole || model.startsWith('offline/')) return [];
  const longer = isThrifty(held) ? context.settings.thriftyCacheFactor : 1;
  const keptMs = rules.minutes * minuteMs * longer;
  return [
    {
      ...unanswered.key,
      id: context.ids.create('answer'),
      model,
      parts: answer.parts,
      costMicros,
      keptMs,
      question: unanswered.question,
    },
  ];
}

/** Whether money is tight for the run. */
function isThrifty(held: HeldRun): boolean {
  const { tier } = held.journal.run;
  return tier !== null && tier.used !== tier.asked;
}
