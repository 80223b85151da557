import type { ModelSettings } from '../application/model/model-settings.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import type { Clock } from '../port/clock.ts';
import { composeModels, type ComposedModels } from './compose-models.ts';

/** How long the start waits for an Ollama that may or may not be there. */
const ollamaProbeMs = 300;

const proxyVariables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/** What finding the models takes. */
export interface ModelSources {
  configuration: Configuration;
  environment: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  /** Values of secrets that the configuration names; absent where no model is called. */
  secretOf?: (name: string) => Promise<string>;
}

/** The models that configuration and environment make reachable, and their prices. */
export function makeModels(sources: ModelSources): Promise<ComposedModels> {
  const { configuration, environment, clock, secretOf } = sources;
  const { model, provider } = configuration;
  const settings: ModelSettings = {
    preferred: model.default,
    anthropic: { apiKey: provider.anthropicApiKey, baseUrl: provider.anthropicBaseUrl },
    openai: {
      apiKey: provider.openaiApiKey,
      baseUrl: provider.openaiBaseUrl,
      protocol: provider.openaiProtocol === 'auto' ? undefined : provider.openaiProtocol,
    },
    google: { apiKey: provider.googleApiKey, baseUrl: provider.googleBaseUrl },
    openrouter: { apiKey: provider.openrouterApiKey, baseUrl: provider.openrouterBaseUrl },
    ollama: { baseUrl: provider.ollamaBaseUrl, timeoutMs: ollamaProbeMs },
    endpoints: endpoints(sources),
    contextTokens: model.contextTokens,
    prices: ownPrices(configuration),
    useProxy: proxyVariables.some((name) => Boolean(environment[name])),
  };
  return composeModels(settings, clock, secretOf);
}

function endpoints({ configuration, environment }: ModelSources): ModelSettings['endpoints'] {
  return Object.entries(configuration.model.endpoints).map(([name, endpoint]) => {
    const variable = endpoint.api_key_variable;
    const fromVariable = variable === undefined ? undefined : environment[variable];
    return {
      name,
      baseUrl: endpoint.base_url,
      apiKey: endpoint.api_key ?? fromVariable,
    };
  });
}

function ownPrices({ prices }: Configuration): ModelSettings['prices'] {
  return Object.fromEntries(
    Object.entries(prices.models).map(([reference, { input, output, cached_input: cachedInput }]) => [
      reference,
      { input, output, cachedInput },
    ]),
  );
}
