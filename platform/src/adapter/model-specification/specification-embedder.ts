import type { EmbeddingModelV4 } from '@ai-sdk/provider';
import { noUsage } from '@batuta/contract';
import type { Embedder } from '../../port/embedder.ts';
import { estimateTokensOfTexts } from './estimate-usage.ts';
import { modelCallFailed, normaliseError, type FailedCall } from './normalise-error.ts';

/** An embedding model behind the provider specification. */
export interface SpecificationEmbedderOptions {
  /** `provider/model`. */
  reference: string;
  /** Imports the provider package and makes its model; called at the first use. */
  load: () => Promise<EmbeddingModelV4>;
  /** Keys that must not appear in a reason. */
  secrets: readonly string[];
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** Makes an embedder of a model that speaks the provider specification. */
export function createSpecificationEmbedder(options: SpecificationEmbedderOptions): Embedder {
  const { reference, secrets } = options;
  let loading: Promise<EmbeddingModelV4> | undefined;
  const describeCall = (): FailedCall => ({ reference, secrets, now: options.now() });
  return {
    reference,
    async embed(texts, signal) {
      try {
        loading ??= options.load();
        const model = await loading;
        const { embeddings, usage } = await model.doEmbed({ values: [...texts], abortSignal: signal });
        if (embeddings.length !== texts.length) {
          const reason = `${embeddings.length} embeddings came for ${texts.length} texts`;
          throw modelCallFailed(describeCall(), { kind: 'malformed', reason });
        }
        return {
          vectors: embeddings.map((vector) => [...vector]),
          usage: { ...noUsage, input_tokens: usage?.tokens ?? estimateTokensOfTexts(texts) },
        };
      } catch (error) {
        signal.throwIfAborted();
        throw normaliseError(error, describeCall());
      }
    },
  };
}
