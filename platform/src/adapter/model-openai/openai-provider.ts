import type { ModelProvider } from '../../port/model.ts';
import {
  createSpecificationProvider,
  describeKey,
  type ProviderAccess,
  type ProviderEnvironment,
} from '../model-specification/specification-provider.ts';

/** The two protocols of OpenAI. */
export type OpenAiProtocol = 'responses' | 'chat';

/**
 * Models of OpenAI. At OpenAI's own address they are called by the Responses protocol, the only one that hands a model's
 * thoughts back to it between tool calls. Nothing is kept at OpenAI (`store: false`): thoughts travel encrypted in our log.
 * At any other address (`OPENAI_BASE_URL`) it is Chat Completions, which every imitation speaks. `protocol` overrides both.
 */
export function createOpenAiProvider(
  access: ProviderAccess & { protocol?: OpenAiProtocol | undefined },
  environment: ProviderEnvironment,
): ModelProvider {
  const { apiKey, baseUrl, defaultModel } = access;
  const protocol = access.protocol ?? usualProtocol(baseUrl);
  const loadPackage = async () => {
    const { createOpenAI } = await import('@ai-sdk/openai');
    const baseURL = baseUrl ?? 'https://api.openai.com/v1';
    return createOpenAI({ apiKey: apiKey ?? '', baseURL, fetch: environment.fetch });
  };
  return createSpecificationProvider(
    {
      name: 'openai',
      ...describeKey(apiKey, 'OPENAI_API_KEY'),
      defaultModel,
      secrets: [apiKey],
      providerOptions: () => ({ openai: { store: false } }),
      async load(model) {
        const openai = await loadPackage();
        return protocol === 'responses' ? openai.responses(model) : openai.chat(model);
      },
      loadEmbedder: async (model) => (await loadPackage()).embeddingModel(model),
    },
    environment,
  );
}

function usualProtocol(baseUrl: string | undefined): OpenAiProtocol {
  if (baseUrl === undefined) return 'responses';
  const host = URL.parse(baseUrl)?.hostname ?? '';
  return host === 'openai.com' || host.endsWith('.openai.com') ? 'responses' : 'chat';
}
