import type { AgentDefinition } from '@batuta/contract';
import { mostTokensOfHistory, mostTokensOfText } from '../../domain/budget/most-tokens.ts';
import type { CallNeed } from '../../domain/budget/worst-case.ts';
import type { HistoryItem } from '../../domain/run/state.ts';
import type { ModelRegistry } from '../../port/model.ts';
import type { Tool } from '../../port/tool.ts';
import type { MoneySettings } from './money-context.ts';

/** What is needed to know what a turn of a run can cost. */
export interface TurnFacts {
  definition: AgentDefinition;
  /** Those that the request tells of: the same array for the same tools. */
  tools: readonly Tool[];
  models: readonly string[];
  history: readonly HistoryItem[];
}

/** A shorter answer of a turn, cut so that its price fits into what is left, is of no use. */
const leastOutputTokens = 1024;

interface NeedContext {
  models: ModelRegistry;
  money: { settings: MoneySettings };
}

/** What the next turn of a run can need at most. Models that cannot be called cost nothing. */
export function turnNeed(context: NeedContext, facts: TurnFacts): CallNeed {
  const { estimateMargin, maxOutputTokens } = context.money.settings;
  const input = mostTokensOfHistory(facts.history) + fixedTokens(facts);
  const outputTokens = facts.definition.settings.max_output_tokens ?? maxOutputTokens;
  return {
    models: callable(context.models, facts.models),
    inputTokens: input * estimateMargin,
    outputTokens,
    leastOutputTokens: Math.min(leastOutputTokens, outputTokens),
  };
}

/** What a call about a text can need at most. */
export function textNeed(
  context: NeedContext,
  call: { models: readonly string[]; texts: readonly string[]; outputTokens: number },
): CallNeed {
  const input = call.texts.reduce((sum, text) => sum + mostTokensOfText(text), 0);
  return {
    models: callable(context.models, call.models),
    inputTokens: input * context.money.settings.estimateMargin,
    outputTokens: call.outputTokens,
    leastOutputTokens: call.outputTokens,
  };
}

function callable(registry: ModelRegistry, models: readonly string[]): CallNeed['models'] {
  return models.flatMap((reference) => {
    const model = registry.find(reference);
    return model ? [{ reference, contextTokens: model.contextTokens }] : [];
  });
}

const fixedByTools = new WeakMap<TurnFacts['tools'], number>();

/** Tokens of instructions and tools, which every call carries. Measured once for all runs of a definition. */
function fixedTokens({ tools, definition }: TurnFacts): number {
  const known = fixedByTools.get(tools);
  if (known !== undefined) return known;
  const texts = tools.map((tool) => `${tool.name}${tool.description}${JSON.stringify(tool.inputSchema)}`);
  const fixed = mostTokensOfText(definition.instructions) + mostTokensOfText(texts.join(''));
  fixedByTools.set(tools, fixed);
  return fixed;
}
