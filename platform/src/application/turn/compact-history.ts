import type { EventData, NewEvent } from '@batuta/contract';
import { chooseBoundary } from '../../domain/context/choose-boundary.ts';
import { charactersPerToken, estimateHistory, estimateText } from '../../domain/context/estimate-tokens.ts';
import { excerptHistory, transcribeHistory } from '../../domain/context/excerpt-history.ts';
import type { HistoryItem } from '../../domain/run/state.ts';
import type { Tool } from '../../port/tool.ts';
import { failRun } from './fail-run.ts';
import type { EngineContext } from './engine-context.ts';
import { textNeed } from './call-need.ts';
import type { HeldRun, RunEnd } from './held-run.ts';
import { toolsInSight } from './offered-tools.ts';
import { secureCall, type SecuredCall } from './secure-call.ts';
import { countTokens } from './secure-tokens.ts';
import { closeReservation, settleCall } from './settle-reservation.ts';
import { untilAborted } from './until-aborted.ts';

/** Share of what fits that stays word for word; the rest becomes the summary. */
const keptShare = 0.4;

/** Share of what fits that the summary may take, and what it takes at most. */
const summaryShare = 0.3;
const summaryTokens = 2_000;

const instructions =
  'Summarise this conversation between a user and an assistant so that the assistant can go on from the summary alone. ' +
  'Keep: what the user wants, decisions, names, numbers, identifiers, file names, open questions, what was tried and what came of it. ' +
  'Write plain text of at most 600 words. Do not answer the user.';

/** Whether the history must be compacted before the next model call. */
export function isHistoryTooLong(context: EngineContext, held: HeldRun): boolean {
  return (
    held.compaction === 'wanted' || estimateHistory(held.journal.state.history) > budgetOf(context, held)
  );
}

/**
 * Replaces the older part of the history by a summary, cut where no call is separated from its result. A model writes the summary;
 * where none can, an excerpt takes its place. The log keeps everything. A history that cannot be cut any further ends the run.
 */
export async function compactHistory(context: EngineContext, held: HeldRun): Promise<RunEnd | undefined> {
  const { history } = held.journal.state;
  // A provider that refuses what our estimate lets pass knows better: then less than there is must stay.
  const target = Math.min(budgetOf(context, held), estimateHistory(history));
  const boundary = chooseBoundary(history, target * keptShare);
  if (boundary === undefined) return failRun(context, held, contextTooLong(context, held));
  // The present summary, whatever its place, stands for what is older still.
  const older = history.filter((item) => item.role === 'summary' || item.seq < boundary);
  const made = await summarise(context, held, { older, maxTokens: Math.floor(target * summaryShare) });
  if (!made) return undefined;
  held.journal.stage(compacted(held, { ...made, boundary }));
  if (held.compaction === 'wanted') held.compaction = 'tried';
  return undefined;
}

/** The error of a history that does not fit and cannot be made to. */
export function contextTooLong(context: EngineContext, held: HeldRun) {
  const tokens = estimateHistory(held.journal.state.history);
  const limit = Math.round(budgetOf(context, held));
  return { code: 'context-too-long', data: { model: held.models[0] ?? '', tokens, limit } } as const;
}

function compacted(held: HeldRun, result: Summary & { boundary: number }): NewEvent {
  const { history, taint, typedAddresses, foundTools } = held.journal.state;
  const kept = history.filter((item) => item.seq >= result.boundary && item.role !== 'summary');
  return {
    kind: 'history-compacted',
    data: {
      summary: result.summary,
      kept_from_seq: result.boundary,
      method: result.method,
      tokens_before: estimateHistory(history),
      tokens_after: estimateHistory(kept) + estimateText(result.summary),
      ...(held.journal.state.grants.length > 0 ? { grants: [...held.journal.state.grants] } : {}),
      ...(result.call ? { call: result.call } : {}),
      ...(taint.length > 0 ? { taint: taint.map(({ label, source }) => ({ label, source })) } : {}),
      ...(foundTools.length > 0 ? { found_tools: [...foundTools] } : {}),
      ...(typedAddresses.length > 0 ? { typed_addresses: [...typedAddresses] } : {}),
    },
  };
}

const fixedByTools = new WeakMap<readonly Tool[], number>();

/** Tokens of instructions and tools, which every call carries. Estimated once for a run. */
function fixedTokens(held: HeldRun): number {
  const tools = toolsInSight(held);
  const known = fixedByTools.get(tools);
  if (known !== undefined) return known;
  const texts = tools.map((tool) => JSON.stringify(tool.inputSchema) + tool.description);
  const fixed = estimateText(held.definition.instructions) + estimateText(texts.join(''));
  fixedByTools.set(tools, fixed);
  return fixed;
}

/** Tokens that the history may take: a share of the smallest context among the run's models, less instructions and tools. */
function budgetOf(context: EngineContext, held: HeldRun): number {
  const sizes = held.models.flatMap((reference) => context.models.find(reference)?.contextTokens ?? []);
  const smallest = sizes.length > 0 ? Math.min(...sizes) : 32_000;
  return Math.max(1_000, smallest * context.settings.contextShare - fixedTokens(held));
}

/** A summary, how it was made, and what it cost. */
interface Summary {
  summary: string;
  method: 'model' | 'excerpt';
  call?: EventData<'history-compacted'>['call'];
}

/** Undefined when the run was interrupted meanwhile. */
async function summarise(
  context: EngineContext,
  held: HeldRun,
  task: { older: readonly HistoryItem[]; maxTokens: number },
): Promise<Summary | undefined> {
  const maxTokens = Math.min(summaryTokens, task.maxTokens);
  const maxCharacters = maxTokens * charactersPerToken;
  const excerpt = { summary: excerptHistory(task.older, maxCharacters), method: 'excerpt' } as const;
  const transcript = transcribeHistory(task.older, Math.round(budgetOf(context, held) * 2));
  const models = held.models.filter((reference) => !reference.startsWith('offline/'));
  const need = textNeed(context, { models, texts: [instructions, transcript], outputTokens: maxTokens });
  const secured = await secureCall(context, held, { models, need, writeAhead: false });
  if (secured.kind === 'not-now') return undefined;
  // An excerpt costs nothing: a run whose money is short goes on with that, and its next call is refused.
  if (secured.kind !== 'secured') return excerpt;
  try {
    const { text, call } = await askForSummary(context, held, { secured, transcript, maxTokens });
    if (text.trim() === '') return { ...excerpt, call };
    return { summary: cutText(text, maxCharacters), method: 'model', call };
  } catch (error) {
    await secured.close();
    if (held.control.interruption !== null) return undefined;
    closeReservation(held);
    context.log.warn('no model could summarise the history', { run_id: held.lease.runId, error });
    return excerpt;
  }
}

async function askForSummary(
  context: EngineContext,
  held: HeldRun,
  { secured, transcript, maxTokens }: { secured: SecuredCall; transcript: string; maxTokens: number },
) {
  const { models, money } = secured;
  const outcome = await untilAborted(held.control.signal, (signal) =>
    context.callModel({
      tenantId: held.lease.tenantId,
      models,
      money,
      request: {
        instructions,
        messages: [{ role: 'user', parts: [{ type: 'text', text: transcript }] }],
        tools: [],
        settings: { maxOutputTokens: maxTokens },
      },
      sink: { text: () => undefined, reset: () => undefined },
      signal,
    }),
  );
  settleCall(context, held, outcome);
  countTokens(context, held, outcome.answer.usage);
  const text = outcome.answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const call = { model: outcome.model, usage: outcome.answer.usage, cost_micros: outcome.costMicros };
  return { text, call };
}

function cutText(text: string, maxCharacters: number): string {
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters - 1).toWellFormed()}…`;
}
