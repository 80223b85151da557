import type { Usage } from '@batuta/contract';

/** What a text embedding model made. */
export interface Embeddings {
  /** One for each text, in their order, all of the same length. */
  vectors: number[][];
  usage: Usage;
}

/** A model that places texts in a space of meanings. Failures are the error `model-call-failed`. */
export interface Embedder {
  /** `provider/model`. */
  readonly reference: string;
  /** At most `maxTexts` at a time. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Embeddings>;
}
