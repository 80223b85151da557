import { createAnthropicProvider } from '../adapter/model-anthropic/anthropic-provider.ts';
import { createGoogleProvider } from '../adapter/model-google/google-provider.ts';
import { createOfflineProvider } from '../adapter/model-offline/offline-provider.ts';
import { createOllamaProvider } from '../adapter/model-ollama/ollama-provider.ts';
import { createCompatibleProvider } from '../adapter/model-openai-compatible/openai-compatible-provider.ts';
import { createOpenAiProvider } from '../adapter/model-openai/openai-provider.ts';
import { createOpenRouterProvider } from '../adapter/model-openrouter/openrouter-provider.ts';
import { createTransport } from '../adapter/model-specification/http-transport.ts';
import type { ProviderEnvironment } from '../adapter/model-specification/specification-provider.ts';
import { createPriceList, type ModelPrices } from '../adapter/price-list/genai-price-list.ts';
import { contextTokensOf } from '../application/model/context-tokens.ts';
import { createModelRegistry } from '../application/model/create-model-registry.ts';
import { defaultModels } from '../application/model/default-models.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import type { Clock } from '../port/clock.ts';
import type { ModelProvider, ModelRegistry } from '../port/model.ts';

/** How long the start waits for an Ollama that may or may not be there. */
const ollamaProbeMs = 300;

/** What finding the models takes. */
export interface ModelSources {
  configuration: Configuration;
  environment: Readonly<Record<string, string | undefined>>;
  clock: Clock;
}

/** The models that configuration and environment make reachable, and their prices. */
export async function makeModels(
  sources: ModelSources,
): Promise<{ registry: ModelRegistry; prices: ModelPrices }> {
  const { configuration, environment, clock } = sources;
  const prices = createPriceList({ own: ownPrices(configuration), now: () => clock.now() });
  const configured = configuration.model.contextTokens;
  const known = (reference: string) => prices.contextTokens(reference);
  const providerEnvironment: ProviderEnvironment = {
    fetch: createTransport({ useProxy: usesProxy(environment) }),
    now: () => clock.now(),
    contextTokens: (reference) => contextTokensOf(reference, { configured, known }),
  };
  const providers = [
    ...hostedProviders(configuration, providerEnvironment),
    ...endpointProviders(sources, providerEnvironment),
    await createOllamaProvider(
      {
        baseUrl: configuration.provider.ollamaBaseUrl,
        defaultModel: defaultModels.ollama,
        timeoutMs: ollamaProbeMs,
      },
      providerEnvironment,
    ),
    createOfflineProvider({ contextTokens: contextTokensOf('offline/extractive', { configured, known }) }),
  ];
  return { registry: createModelRegistry({ providers, preferred: configuration.model.default }), prices };
}

function hostedProviders({ provider }: Configuration, environment: ProviderEnvironment): ModelProvider[] {
  return [
    createAnthropicProvider(
      {
        apiKey: provider.anthropicApiKey,
        baseUrl: provider.anthropicBaseUrl,
        defaultModel: defaultModels.anthropic,
      },
      environment,
    ),
    createOpenAiProvider(
      { apiKey: provider.openaiApiKey, baseUrl: provider.openaiBaseUrl, defaultModel: defaultModels.openai },
      environment,
    ),
    createGoogleProvider(
      { apiKey: provider.googleApiKey, baseUrl: provider.googleBaseUrl, defaultModel: defaultModels.google },
      environment,
    ),
    createOpenRouterProvider(
      {
        apiKey: provider.openrouterApiKey,
        baseUrl: provider.openrouterBaseUrl,
        defaultModel: defaultModels.openrouter,
      },
      environment,
    ),
  ];
}

function endpointProviders(sources: ModelSources, environment: ProviderEnvironment): ModelProvider[] {
  return Object.entries(sources.configuration.model.endpoints).map(([name, endpoint]) => {
    const variable = endpoint.api_key_variable;
    const apiKey = variable === undefined ? undefined : sources.environment[variable];
    return createCompatibleProvider({ name, baseUrl: endpoint.base_url, apiKey }, environment);
  });
}

function ownPrices({ model }: Configuration) {
  return Object.fromEntries(
    Object.entries(model.prices).map(([reference, { input, output, cached_input: cachedInput }]) => [
      reference,
      { input, output, cachedInput },
    ]),
  );
}

function usesProxy(environment: ModelSources['environment']): boolean {
  return ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) =>
    Boolean(environment[name]),
  );
}
