import { createAnthropicProvider } from '../adapter/model-anthropic/anthropic-provider.ts';
import { createGoogleProvider } from '../adapter/model-google/google-provider.ts';
import { createOfflineProvider } from '../adapter/model-offline/offline-provider.ts';
import { createOllamaProvider } from '../adapter/model-ollama/ollama-provider.ts';
import { createCompatibleProvider } from '../adapter/model-openai-compatible/openai-compatible-provider.ts';
import { createOpenAiProvider } from '../adapter/model-openai/openai-provider.ts';
import { createOpenRouterProvider } from '../adapter/model-openrouter/openrouter-provider.ts';
import { withSecretHeaders } from '../adapter/model-specification/secret-headers.ts';
import { createTransport } from '../adapter/model-specification/http-transport.ts';
import { createPriceList, type ModelPrices } from '../adapter/price-list/genai-price-list.ts';
import { contextTokensOf } from '../application/model/context-tokens.ts';
import { createModelRegistry } from '../application/model/create-model-registry.ts';
import { findEmbedder } from '../application/model/find-embedder.ts';
import { defaultModels } from '../application/model/default-models.ts';
import type { ModelSettings } from '../application/model/model-settings.ts';
import type { Clock } from '../port/clock.ts';
import type { Embedder } from '../port/embedder.ts';
import type { ModelRegistry } from '../port/model.ts';

/** Everything that asks and prices models. */
export interface ComposedModels {
  registry: ModelRegistry;
  prices: ModelPrices;
  /** The embedding model of a reference, where its provider is usable and has such models. */
  embedder: (reference: string) => Embedder | undefined;
}

/** Puts the providers together, as a part of the composition root: waits only for Ollama, at most `settings.ollama.timeoutMs`. */
export async function composeModels(
  settings: ModelSettings,
  clock: Clock,
  secretOf?: (name: string) => Promise<string>,
): Promise<ComposedModels> {
  const now = (): number => clock.now();
  const prices = createPriceList({ own: settings.prices, now });
  const transport = createTransport({ useProxy: settings.useProxy });
  const fetch = secretOf ? withSecretHeaders(transport, secretOf) : transport;
  const sources = { configured: settings.contextTokens, known: prices.contextTokens };
  const environment = {
    fetch,
    now,
    contextTokens: (reference: string) => contextTokensOf(reference, sources),
  };
  const { anthropic, openai, google, openrouter, ollama, endpoints } = settings;
  const providers = [
    createAnthropicProvider({ ...anthropic, defaultModel: defaultModels.anthropic }, environment),
    createOpenAiProvider({ ...openai, defaultModel: defaultModels.openai }, environment),
    createGoogleProvider({ ...google, defaultModel: defaultModels.google }, environment),
    createOpenRouterProvider({ ...openrouter, defaultModel: defaultModels.openrouter }, environment),
    await createOllamaProvider({ ...ollama, defaultModel: defaultModels.ollama }, environment),
    ...endpoints.map((endpoint) => createCompatibleProvider(endpoint, environment)),
    createOfflineProvider({ contextTokens: environment.contextTokens('offline/extractive') }),
  ];
  return {
    registry: createModelRegistry({ providers, preferred: settings.preferred }),
    prices,
    embedder: (reference) => findEmbedder(providers, reference),
  };
}
