import type { ModelProvider } from '../../port/model.ts';
import { createDirectModel } from './direct-model.ts';
import { createExtractiveModel } from './extractive-model.ts';

/** The models that need nothing: a stand-in for one, and none. */
export function createOfflineProvider({ contextTokens }: { contextTokens: number }): ModelProvider {
  const models = [createExtractiveModel(contextTokens), createDirectModel(contextTokens)];
  return {
    name: 'offline',
    usable: true,
    reason: 'a stand-in that needs no key and is no language model',
    defaultModel: 'extractive',
    model: (name) => models.find(({ reference }) => reference === `offline/${name}`),
  };
}
