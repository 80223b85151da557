import type { AvailableModel, LanguageModel, ModelProvider, ModelRegistry } from '../../port/model.ts';
import { providerOrder } from './default-models.ts';

/** What the registry is made of. */
export interface ModelRegistryParts {
  /** Every provider, usable or not; a later one of the same name replaces an earlier one. */
  providers: readonly ModelProvider[];
  /** References that the configuration prefers to the default models, in order. */
  preferred: readonly string[];
}

/** Makes the list of models that can be called. */
export function createModelRegistry({ providers, preferred }: ModelRegistryParts): ModelRegistry {
  const byName = new Map(providers.map((provider) => [provider.name, provider]));
  const find = (reference: string): LanguageModel | undefined => {
    const slash = reference.indexOf('/');
    const provider = slash < 1 ? undefined : byName.get(reference.slice(0, slash));
    const name = reference.slice(slash + 1);
    return provider?.usable === true && name !== '' ? provider.model(name) : undefined;
  };
  const configured = preferred
    .filter((reference) => find(reference) !== undefined)
    .map((reference) => ({ reference, reason: 'model.default names it' }));
  const found = inOrder([...byName.values()]).flatMap(defaultOf);
  const lastResort = found.filter(({ reference }) => reference.startsWith('offline/'));
  const defaults = configured.length === 0 ? found : [...configured, ...lastResort];
  return {
    find,
    defaults: () => [...defaults],
    describe: () =>
      inOrder([...byName.values()]).map(({ name, usable, reason }) => ({ provider: name, usable, reason })),
  };
}

function defaultOf({ name, usable, reason, defaultModel }: ModelProvider): AvailableModel[] {
  return usable && defaultModel !== null ? [{ reference: `${name}/${defaultModel}`, reason }] : [];
}

/** The known order; providers that it does not name come before the last, `offline`. */
function inOrder(providers: readonly ModelProvider[]): ModelProvider[] {
  const last = providerOrder.length - 1;
  const rank = ({ name }: ModelProvider): number => {
    const place = providerOrder.indexOf(name);
    return place < 0 ? last - 0.5 : place;
  };
  return providers.toSorted((one, other) => rank(one) - rank(other));
}
