import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import type { Usage } from '@batuta/contract';

/** Usage of a call in the terms of the contract, whatever the provider left out. */
export function normaliseUsage({ inputTokens, outputTokens }: LanguageModelV4Usage): Usage {
  const cached = count(inputTokens.cacheRead);
  const written = count(inputTokens.cacheWrite);
  const reasoning = count(outputTokens.reasoning);
  return {
    input_tokens: Math.max(count(inputTokens.total), count(inputTokens.noCache) + cached + written),
    cached_input_tokens: cached,
    cache_write_tokens: written,
    output_tokens: Math.max(count(outputTokens.total), count(outputTokens.text) + reasoning),
    reasoning_tokens: reasoning,
  };
}

/** Whether the provider said anything about usage. */
export function isUsageReported({ inputTokens, outputTokens }: LanguageModelV4Usage): boolean {
  return count(inputTokens.total) > 0 || count(outputTokens.total) > 0;
}

function count(tokens: number | null | undefined): number {
  return typeof tokens === 'number' && tokens > 0 && Number.isFinite(tokens) ? Math.round(tokens) : 0;
}
