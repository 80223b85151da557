import type { ModelProvider } from '../../port/model.ts';
import { createExtractiveModel } from './extractive-model.ts';

/** The one model that needs nothing. */
export function createOfflineProvider({ contextTokens }: { contextTokens: number }): ModelProvider {
  const model = createExtractiveModel(contextTokens);
  return {
    name: 'offline',
    usable: true,
    reason: 'a stand-in that needs no key and is no language model',
    defaultModel: 'extractive',
    model: (name) => (name === 'extractive' ? model : undefined),
  };
}
