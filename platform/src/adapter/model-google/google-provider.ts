import type { ModelProvider } from '../../port/model.ts';
import {
  createSpecificationProvider,
  describeKey,
  type ProviderAccess,
  type ProviderEnvironment,
} from '../model-specification/specification-provider.ts';

/** Gemini models. */
export function createGoogleProvider(
  access: ProviderAccess,
  environment: ProviderEnvironment,
): ModelProvider {
  const { apiKey, baseUrl, defaultModel } = access;
  const loadPackage = async () => {
    const { createGoogle } = await import('@ai-sdk/google');
    const baseURL = baseUrl ?? 'https://generativelanguage.googleapis.com/v1beta';
    return createGoogle({ apiKey: apiKey ?? '', baseURL, fetch: environment.fetch });
  };
  return createSpecificationProvider(
    {
      name: 'google',
      ...describeKey(apiKey, 'GOOGLE_GENERATIVE_AI_API_KEY'),
      defaultModel,
      secrets: [apiKey],
      load: async (model) => (await loadPackage())(model),
      loadEmbedder: async (model) => (await loadPackage()).embeddingModel(model),
    },
    environment,
  );
}
