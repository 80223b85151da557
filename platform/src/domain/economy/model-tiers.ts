import { modelTiers, type AgentDefinition, type ModelTier } from '@batuta/contract';

/** Models of each tier, in the order in which they are tried. */
export type TierModels = { readonly [T in ModelTier]?: string | readonly string[] | undefined };

/** What an agent's `model` says: models by name, or the tier from which to start. */
export type WantedModel =
  | { kind: 'models'; models: readonly string[] }
  | { kind: 'auto' }
  | { kind: 'tier'; tier: ModelTier };

/** What an agent's `model` says; undefined when it says nothing. */
export function wantedModel({ model }: AgentDefinition): WantedModel | undefined {
  if (model === undefined) return undefined;
  if (typeof model !== 'string') return { kind: 'models', models: model };
  if (model === 'auto') return { kind: 'auto' };
  const tier = modelTiers.find((each) => each === model);
  return tier === undefined ? { kind: 'models', models: [model] } : { kind: 'tier', tier };
}

/** The tier that many steps below; there is nothing below `fast`. */
export function lowerTier(tier: ModelTier, steps: number): ModelTier {
  return modelTiers[Math.max(0, modelTiers.indexOf(tier) - steps)] ?? 'fast';
}

/**
 * The models of a tier: the agent's own, else the project's. A tier that nobody filled is taken from the nearest cheaper one, then from
 * the nearest dearer one; empty when no tier has a model.
 */
export function modelsOfTier(tier: ModelTier, agent: TierModels, project: TierModels): readonly string[] {
  const place = modelTiers.indexOf(tier);
  const order = [...modelTiers.slice(0, place + 1).toReversed(), ...modelTiers.slice(place + 1)];
  for (const each of order) {
    const models = agent[each] ?? project[each];
    if (models !== undefined) return typeof models === 'string' ? [models] : models;
  }
  return [];
}
