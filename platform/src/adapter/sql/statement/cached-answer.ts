import type { AssistantPart } from '@batuta/contract';
import { statement } from '../statement.ts';

/** A kept answer. */
export interface CachedAnswerRow {
  id: string;
  model: string;
  parts: AssistantPart[];
  cost_micros: number | null;
}

/** The answer to exactly this question, unless it has expired. */
export const findCachedAnswer = statement<CachedAnswerRow, readonly [partition: string, key: string]>(
  'find-cached-answer',
  `select id, model, parts, cost_micros from cached_answers
   where partition = $1 and key = $2 and expires_at > now()`,
);

/** The newest questions that can be compared. */
export const readCachedQuestions = statement<
  CachedAnswerRow & { question: string; embedding: number[] },
  readonly [partition: string, limit: number]
>(
  'read-cached-questions',
  `select id, model, parts, cost_micros, question, embedding from cached_answers
   where partition = $1 and embedding is not null and expires_at > now()
   order by created_at desc limit $2`,
);

/** Keeps an answer; the newer one of two to the same question stays. */
export const addCachedAnswer = statement<
  never,
  readonly [
    id: string,
    tenantId: string,
    sessionId: string,
    partition: string,
    key: string,
    model: string,
    parts: string,
    costMicros: number | null,
    question: string | null,
    embedding: readonly number[] | null,
    keptMs: number,
  ]
>(
  'add-cached-answer',
  `
  insert into cached_answers (id, tenant_id, session_id, partition, key, model, parts, cost_micros, question, embedding, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7::json, $8, $9, $10::real[], now() + $11::float8 * interval '1 millisecond')
  on conflict (tenant_id, partition, key) do update set
    id = excluded.id, session_id = excluded.session_id, model = excluded.model, parts = excluded.parts,
    cost_micros = excluded.cost_micros, question = excluded.question, embedding = excluded.embedding,
    created_at = now(), expires_at = excluded.expires_at`,
);

/** Removes answers that have expired. */
export const forgetCachedAnswers = statement<{ id: string }, readonly [limit: number]>(
  'forget-cached-answers',
  `delete from cached_answers where id in (
     select id from cached_answers where expires_at <= now() order by expires_at limit $1
   ) returning id`,
);
