import { z } from 'zod';

/** Tiers of models, cheapest first. */
export const modelTiers = ['fast', 'balanced', 'deep'] as const;
/** Accepts the name of a tier. */
export const modelTierSchema = z.enum(modelTiers);
/** How much of a model a turn needs: `fast` for small talk and look-ups, `deep` for what takes thought. */
export type ModelTier = z.infer<typeof modelTierSchema>;
