/** Sizes where nothing else is known of a model. */
const usualTokens: Readonly<Record<string, number>> = {
  anthropic: 200_000,
  openai: 128_000,
  google: 1_000_000,
  /** A local model keeps its whole context in memory. */
  ollama: 16_384,
  offline: 32_768,
};

const otherwise = 128_000;

/** Where the size of a context can be read. */
export interface ContextSources {
  /** By reference; what the operator says holds. */
  configured: Readonly<Record<string, number>>;
  /** From the price data. */
  known: (reference: string) => number | undefined;
}

/** Tokens that fit into one call of a model, input and output together. */
export function contextTokensOf(reference: string, { configured, known }: ContextSources): number {
  const provider = reference.slice(0, reference.indexOf('/'));
  return configured[reference] ?? known(reference) ?? usualTokens[provider] ?? otherwise;
}
