import type { AnswerCache, CachedAnswer, CachedQuestion, CacheKey } from '../../port/answer-cache.ts';
import {
  findCachedAnswer,
  forgetCachedAnswers,
  readCachedQuestions,
  type CachedAnswerRow,
} from './statement/cached-answer.ts';
import type { Transactor } from './transactor.ts';

/** Kept answers in a PostgreSQL database, embedded or not. */
export class SqlAnswerCache implements AnswerCache {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async find(tenantId: string, { partition, key }: CacheKey): Promise<CachedAnswer | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, findCachedAnswer(partition, key));
    return row && toAnswer(row);
  }

  async questions(tenantId: string, partition: string, limit: number): Promise<CachedQuestion[]> {
    const rows = await this.#transactor.read({ tenant: tenantId }, readCachedQuestions(partition, limit));
    return rows.map((row) => ({ text: row.question, embedding: row.embedding, answer: toAnswer(row) }));
  }

  async forgetExpired(tenantId: string, limit: number): Promise<number> {
    const [rows] = await this.#transactor.run({ tenant: tenantId }, [forgetCachedAnswers(limit)]);
    return rows.length;
  }
}

function toAnswer({ id, model, parts, cost_micros: costMicros }: CachedAnswerRow): CachedAnswer {
  return { id, model, parts, costMicros };
}
