import type { AssistantPart } from '@batuta/contract';

/** Where an answer belongs: `partition` names agent version, tools and models, `key` everything that was asked. */
export interface CacheKey {
  partition: string;
  key: string;
}

/** A question in the space of meanings. */
export interface EmbeddedQuestion {
  text: string;
  /** Of length 1, so that the product of two is the cosine of their angle. */
  embedding: readonly number[];
}

/** An answer to be kept, stored with the event that settles the model call. */
export interface NewCachedAnswer extends CacheKey {
  id: string;
  model: string;
  parts: readonly AssistantPart[];
  /** What the call cost, in millionths of a US dollar; null when that is not known. */
  costMicros: number | null;
  question: EmbeddedQuestion | null;
  /** Milliseconds for which it is kept. */
  keptMs: number;
}

/** An answer that was kept. */
export interface CachedAnswer {
  id: string;
  model: string;
  parts: AssistantPart[];
  costMicros: number | null;
}

/** A kept answer whose question can be compared. */
export interface CachedQuestion extends EmbeddedQuestion {
  answer: CachedAnswer;
}

/** Answers that are given again. They are stored in a run's commit. */
export interface AnswerCache {
  /** The answer to exactly this, unless it has expired. */
  find(tenantId: string, key: CacheKey): Promise<CachedAnswer | undefined>;
  /** The newest questions of a partition that can be compared, at most `limit`. */
  questions(tenantId: string, partition: string, limit: number): Promise<CachedQuestion[]>;
  /** Removes what has expired, at most `limit` at a time; how many it were. */
  forgetExpired(tenantId: string, limit: number): Promise<number>;
}
