import type { AgentDefinition, ModelTier } from '@batuta/contract';
import { modelsOfTier, wantedModel, type TierModels } from '../../domain/economy/model-tiers.ts';
import type { ModelRegistry } from '../../port/model.ts';

/** What choosing models needs. */
export interface ModelChoice {
  models: ModelRegistry;
  /** The project's models of each tier. */
  settings: { tiers: TierModels };
}

/** The models that a run of this agent tries, in order. `tier` is the run's; before it has one, the middle one is shown. */
export function modelsOf(
  context: ModelChoice,
  definition: AgentDefinition,
  tier: ModelTier = 'balanced',
): readonly string[] {
  const wanted = wantedModel(definition);
  if (wanted?.kind === 'models') return wanted.models;
  const chosen =
    wanted === undefined ? [] : modelsOfTier(tier, definition.tiers ?? {}, context.settings.tiers);
  return chosen.length > 0 ? chosen : context.models.defaults().map(({ reference }) => reference);
}
