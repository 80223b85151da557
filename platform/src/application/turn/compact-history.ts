import type { NewEvent } from '@batuta/contract';
import { chooseBoundary } from '../../domain/context/choose-boundary.ts';
import { estimateHistory, estimateText } from '../../domain/context/estimate-tokens.ts';
import { excerptHistory, transcribeHistory } from '../../domain/context/excerpt-history.ts';
import type { HistoryItem } from '../../domain/run/state.ts';
import { failRun } from './fail-run.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun, RunEnd } from './held-run.ts';

/** Share of what fits that stays word for word; the rest becomes the summary. */
const keptShare = 0.4;

const instructions =
  'Summarise this conversation between a user and an assistant so that the assistant can go on from the summary alone. ' +
  'Keep: what the user wants, decisions, names, numbers, identifiers, file names, open questions, what was tried and what came of it. ' +
  'Write plain text of at most 600 words. Do not answer the user.';

/** Whether the history must be compacted before the next model call. */
export function isHistoryTooLong(context: EngineContext, held: HeldRun): boolean {
  return held.mustCompact || estimateHistory(held.journal.state.history) > budgetOf(context, held);
}

/**
 * Replaces the older part of the history by a summary, cut where no call is separated from its result. A model writes the summary;
 * where none can, an excerpt takes its place. The log keeps everything. A history that cannot be cut any further ends the run.
 */
export async function compactHistory(context: EngineContext, held: HeldRun): Promise<RunEnd | undefined> {
  const { history } = held.journal.state;
  const limit = budgetOf(context, held);
  const boundary = chooseBoundary(history, limit * keptShare);
  const tokens = estimateHistory(history);
  if (boundary === undefined) {
    const data = { model: held.models[0] ?? '', tokens, limit: Math.round(limit) };
    return failRun(context, held, { code: 'context-too-long', data });
  }
  const older = history.filter((item) => item.seq < boundary);
  const { summary, method } = await summarise(context, held, older);
  held.journal.stage(compacted(held, { summary, method, boundary }));
  held.mustCompact = false;
  return undefined;
}

function compacted(
  held: HeldRun,
  result: { summary: string; method: 'model' | 'excerpt'; boundary: number },
): NewEvent {
  const { history } = held.journal.state;
  const kept = history.filter((item) => item.seq >= result.boundary && item.role !== 'summary');
  return {
    kind: 'history-compacted',
    data: {
      summary: result.summary,
      kept_from_seq: result.boundary,
      method: result.method,
      tokens_before: estimateHistory(history),
      tokens_after: estimateHistory(kept) + estimateText(result.summary),
    },
  };
}

/** Tokens that the history may take: a share of the smallest context among the run's models, less instructions and tools. */
function budgetOf(context: EngineContext, held: HeldRun): number {
  const sizes = held.models.flatMap((reference) => context.models.find(reference)?.contextTokens ?? []);
  const tools = [...held.tools.values()].map((tool) => JSON.stringify(tool.inputSchema) + tool.description);
  const fixed = estimateText(held.definition.instructions) + estimateText(tools.join(''));
  const smallest = sizes.length > 0 ? Math.min(...sizes) : 32_000;
  return Math.max(1_000, smallest * context.settings.contextShare - fixed);
}

async function summarise(
  context: EngineContext,
  held: HeldRun,
  older: readonly HistoryItem[],
): Promise<{ summary: string; method: 'model' | 'excerpt' }> {
  const models = held.models.filter((reference) => !reference.startsWith('offline/'));
  const transcript = transcribeHistory(older, Math.round(budgetOf(context, held) * 2));
  try {
    const outcome = await context.callModel({
      models,
      request: {
        instructions,
        messages: [{ role: 'user', parts: [{ type: 'text', text: transcript }] }],
        tools: [],
        settings: { maxOutputTokens: 2_000 },
      },
      sink: { text: () => undefined, reset: () => undefined },
      signal: held.control.signal,
    });
    const summary = outcome.answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
    if (summary.trim() !== '') return { summary, method: 'model' };
  } catch (error) {
    if (held.control.interruption !== null) throw error;
    context.log.warn('no model could summarise the history', { run_id: held.lease.runId, error });
  }
  return { summary: excerptHistory(older), method: 'excerpt' };
}
