import type { ModelProvider } from '../../port/model.ts';
import {
  createSpecificationProvider,
  describeKey,
  type ProviderAccess,
  type ProviderEnvironment,
} from '../model-specification/specification-provider.ts';

/** Models of many makers through OpenRouter: `openrouter/anthropic/claude-sonnet-5`. */
export function createOpenRouterProvider(
  access: ProviderAccess,
  environment: ProviderEnvironment,
): ModelProvider {
  const { apiKey, baseUrl, defaultModel } = access;
  return createSpecificationProvider(
    {
      name: 'openrouter',
      ...describeKey(apiKey, 'OPENROUTER_API_KEY'),
      defaultModel,
      secrets: [apiKey],
      async load(model) {
        const { createOpenRouter } = await import('@openrouter/ai-sdk-provider');
        const baseURL = baseUrl ?? 'https://openrouter.ai/api/v1';
        const settings = { apiKey: apiKey ?? '', baseURL, fetch: environment.fetch, appName: 'Batuta' };
        return createOpenRouter({ ...settings, compatibility: 'strict' }).chat(model, {
          usage: { include: true },
        });
      },
    },
    environment,
  );
}
