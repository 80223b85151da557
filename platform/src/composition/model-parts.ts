import { systemClock } from '../adapter/clock-system/system-clock.ts';
import { createModelCaller } from '../application/model/call-model.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import type { Embedder } from '../port/embedder.ts';
import type { Log } from '../port/log.ts';
import type { ComposedModels } from './compose-models.ts';
import type { PlatformParts } from './compose-platform.ts';
import { modelCallLimits } from './engine-settings.ts';

/** What asks models, prices them and tells how alike questions are. */
export function modelParts(
  configuration: Configuration,
  found: ComposedModels,
  log: Log,
): Pick<PlatformParts, 'models' | 'prices' | 'timeZone' | 'embedder' | 'callModel'> {
  const { registry, prices } = found;
  const limits = modelCallLimits(configuration);
  return {
    models: registry,
    prices,
    timeZone: configuration.budget.timeZone,
    embedder: chooseEmbedder(configuration, found, log),
    callModel: createModelCaller({ registry, prices, clock: systemClock, log, limits }),
  };
}

/** The embedding model that the configuration names; null for none, and for one that cannot be used, which is told. */
function chooseEmbedder({ cache }: Configuration, { embedder }: ComposedModels, log: Log): Embedder | null {
  if (cache.embeddingModel === undefined) return null;
  const found = embedder(cache.embeddingModel);
  if (found) return found;
  log.warn('cache.embedding_model cannot be used, so questions are not compared by their meaning', {
    model: cache.embeddingModel,
    hint: 'its provider must have embedding models (openai, google, a configured endpoint) and a key',
  });
  return null;
}
