import type { ModelProvider } from '../../port/model.ts';
import {
  createSpecificationProvider,
  type ProviderEnvironment,
} from '../model-specification/specification-provider.ts';

/** A server that speaks Chat Completions, under a name of its own. */
export interface CompatibleEndpoint {
  /** What stands before the `/` of a reference. */
  name: string;
  baseUrl: string;
  /** Undefined where the server wants none. */
  apiKey: string | undefined;
}

/** Models of a configured server: vLLM, LM Studio, a gateway of the house. */
export function createCompatibleProvider(
  { name, baseUrl, apiKey }: CompatibleEndpoint,
  environment: ProviderEnvironment,
): ModelProvider {
  const loadPackage = async () => {
    const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
    const key = apiKey === undefined ? {} : { apiKey };
    const settings = { name, baseURL: baseUrl, includeUsage: true, fetch: environment.fetch };
    return createOpenAICompatible({ ...settings, ...key });
  };
  return createSpecificationProvider(
    {
      name,
      usable: true,
      reason: `configured at ${URL.parse(baseUrl)?.origin ?? baseUrl}`,
      defaultModel: null,
      secrets: [apiKey],
      load: async (model) => (await loadPackage())(model),
      loadEmbedder: async (model) => (await loadPackage()).embeddingModel(model),
    },
    environment,
  );
}
