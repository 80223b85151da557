import { decimal, integer, text } from './setting.ts';

/** What is saved where money is tight. */
export const economySettings = {
  lowerAt: decimal({
    variable: 'BATUTA_ECONOMY_LOWER_AT',
    about: 'Share of a budget from which on agents with tiers use the next lower tier; 1 and more: never.',
    default: 0.8,
    min: 0,
    max: 2,
  }),
  lowestAt: decimal({
    variable: 'BATUTA_ECONOMY_LOWEST_AT',
    about: 'Share of a budget from which on agents with tiers move down two tiers.',
    default: 0.95,
    min: 0,
    max: 2,
  }),
  cacheFactor: integer({
    variable: 'BATUTA_ECONOMY_CACHE_FACTOR',
    about: 'How many times longer answers are kept while an agent has moved down.',
    default: 4,
    min: 1,
    max: 100,
  }),
};

/** Answers that are given again. */
export const cacheSettings = {
  embeddingModel: text({
    variable: 'BATUTA_CACHE_EMBEDDING_MODEL',
    about: 'Model that tells how alike questions are, for agents with cache.semantic.',
    range: 'a reference such as openai/text-embedding-3-small',
    pattern: /^[a-z][a-z0-9-]*\/[^\s/]\S*$/,
  }),
};
