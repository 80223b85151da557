import type { EmbeddingModelV4, LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { LanguageModel, ModelProvider } from '../../port/model.ts';
import type { Fetch } from './http-transport.ts';
import { createSpecificationEmbedder } from './specification-embedder.ts';
import { createSpecificationModel } from './specification-model.ts';

/** What every adapter of a provider is given. */
export interface ProviderEnvironment {
  fetch: Fetch;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Tokens that fit into a call of a model, by its reference. */
  contextTokens: (reference: string) => number;
}

/** How to reach a provider that wants a key. */
export interface ProviderAccess {
  apiKey: string | undefined;
  /** Undefined: the provider's own address. */
  baseUrl: string | undefined;
  /** Used where nobody names a model. */
  defaultModel: string;
}

/** What an adapter knows of its provider. */
export interface SpecificationProvider {
  name: string;
  usable: boolean;
  reason: string;
  defaultModel: string | null;
  secrets: readonly (string | undefined)[];
  /** Imports the provider package and makes a model. */
  load: (model: string) => Promise<LanguageModelV4>;
  /** Imports the provider package and makes an embedding model; absent where the provider has none. */
  loadEmbedder?: (model: string) => Promise<EmbeddingModelV4>;
  /** Sent with every call of a model. */
  providerOptions?: (reference: string) => SharedV4ProviderOptions;
  cacheMark?: SharedV4ProviderOptions;
}

/** Makes a provider of models that speak the provider specification. */
export function createSpecificationProvider(
  provider: SpecificationProvider,
  { now, contextTokens }: ProviderEnvironment,
): ModelProvider {
  const { name, usable, reason, defaultModel, load, loadEmbedder, cacheMark } = provider;
  const secrets = provider.secrets.filter((secret) => secret !== undefined);
  const models = new Map<string, LanguageModel>();
  const create = (model: string): LanguageModel => {
    const reference = `${name}/${model}`;
    const providerOptions = provider.providerOptions?.(reference);
    return createSpecificationModel({
      reference,
      provider: name,
      contextTokens: contextTokens(reference),
      load: () => load(model),
      secrets,
      now,
      ...(providerOptions !== undefined && { providerOptions }),
      ...(cacheMark !== undefined && { cacheMark }),
    });
  };
  return {
    name,
    usable,
    reason,
    defaultModel,
    model(wanted) {
      const model = models.get(wanted) ?? create(wanted);
      models.set(wanted, model);
      return model;
    },
    ...(loadEmbedder !== undefined && {
      embedder: (model: string) =>
        createSpecificationEmbedder({
          reference: `${name}/${model}`,
          load: () => loadEmbedder(model),
          secrets,
          now,
        }),
    }),
  };
}

/** Whether a key is there, in words: "ANTHROPIC_API_KEY is set". */
export function describeKey(
  apiKey: string | undefined,
  variable: string,
): { usable: boolean; reason: string } {
  return { usable: apiKey !== undefined, reason: `${variable} is ${apiKey === undefined ? 'not ' : ''}set` };
}

/** An address with `ending` at its end, whether it was written with or without. */
export function withPath(baseUrl: string, ending: string): string {
  const address = baseUrl.replace(/\/+$/, '');
  return address.endsWith(ending) ? address : `${address}${ending}`;
}
