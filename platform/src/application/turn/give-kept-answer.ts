import { stageEmbedding } from '../economy/embed-question.ts';
import { recallAnswer, recalledEvent, type Unanswered } from '../economy/recall-answer.ts';
import { buildRequest } from './build-request.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';

/**
 * Gives an answer that was kept, where the agent keeps answers and the same was asked before: it is staged like a model's, and
 * followers read it like any other. Otherwise tells under what the coming answer will be kept; null where it will not be.
 */
export async function giveKeptAnswer(
  context: EngineContext,
  held: HeldRun,
): Promise<{ isGiven: true } | { isGiven: false; unanswered: Unanswered | null }> {
  if (held.definition.cache === undefined) return { isGiven: false, unanswered: null };
  const recalled = await recallAnswer(context, held, await buildRequest(context, held));
  if (recalled.kind === 'none') return { isGiven: false, unanswered: null };
  if (recalled.kind === 'miss') return { isGiven: false, unanswered: recalled.unanswered };
  const { feed, ids } = context;
  const message = feed.begin(held.lease.sessionId, held.journal.state.lastSeq, ids.create('message'));
  const texts = recalled.answer.parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  message.text(texts.join(''));
  stageEmbedding(context, held);
  held.journal.stage(recalledEvent(recalled, message.id));
  message.close();
  return { isGiven: true };
}
