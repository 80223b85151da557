import type { ModelProvider } from '../../port/model.ts';
import {
  createSpecificationProvider,
  describeKey,
  withPath,
  type ProviderAccess,
  type ProviderEnvironment,
} from '../model-specification/specification-provider.ts';

/** Instructions and tools, and the conversation so far, are kept in Anthropic's cache: the next turn reads them at a tenth. */
const cacheMark = { anthropic: { cacheControl: { type: 'ephemeral' } } };

/** Claude models. The base address is written as Anthropic's own clients want it, with or without `/v1`. */
export function createAnthropicProvider(
  access: ProviderAccess,
  environment: ProviderEnvironment,
): ModelProvider {
  const { apiKey, baseUrl, defaultModel } = access;
  return createSpecificationProvider(
    {
      name: 'anthropic',
      ...describeKey(apiKey, 'ANTHROPIC_API_KEY'),
      defaultModel,
      secrets: [apiKey],
      cacheMark,
      async load(model) {
        const { createAnthropic } = await import('@ai-sdk/anthropic');
        const baseURL = withPath(baseUrl ?? 'https://api.anthropic.com', '/v1');
        return createAnthropic({ apiKey: apiKey ?? '', baseURL, fetch: environment.fetch })(model);
      },
    },
    environment,
  );
}
