import type { Embedder } from '../../port/embedder.ts';
import type { ModelProvider } from '../../port/model.ts';

/** The embedder of a reference; undefined when its provider is unknown, cannot be used, or has none. */
export function findEmbedder(providers: readonly ModelProvider[], reference: string): Embedder | undefined {
  const slash = reference.indexOf('/');
  const provider = providers.find(({ name }) => name === reference.slice(0, slash));
  return provider?.usable ? provider.embedder?.(reference.slice(slash + 1)) : undefined;
}
