import { createHash } from 'node:crypto';
import { canonicalJson, type CanonicalValue } from '@batuta/contract';
import type { CacheKey } from '../../port/answer-cache.ts';
import type { ModelMessage, ModelRequest } from '../../port/model.ts';

/** Who would answer: an answer is only given again by the same version of the same agent with the same tools and models. */
export interface CachePartition {
  definitionHash: string;
  models: readonly string[];
  /** Whose answers these are: a person's own, or everybody's of the tenant. */
  owner: string | null;
}

/** The longest question that is compared by its meaning. */
const longestQuestion = 2_000;

/**
 * The key of a question; undefined for one whose answer must not be kept: results of tools are of their moment, so only a
 * conversation without any is.
 */
export function cacheKey(request: ModelRequest, partition: CachePartition): CacheKey | undefined {
  if (request.messages.some(({ role }) => role === 'tool')) return undefined;
  const tools = request.tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    inputSchema,
  }));
  return {
    partition: hash({ ...partition, tools }),
    key: hash([request.instructions, request.messages.map(withoutBytes), request.settings]),
  };
}

/** The question to be compared by its meaning: the first of a conversation, in words alone and not too long. */
export function comparableQuestion({ messages }: ModelRequest): string | undefined {
  const [only, second] = messages;
  if (only?.role !== 'user' || second !== undefined) return undefined;
  const texts = only.parts.map((part) => (part.type === 'text' ? part.text : undefined));
  if (texts.includes(undefined)) return undefined;
  const text = texts.join('\n').trim();
  return text === '' || text.length > longestQuestion ? undefined : text;
}

function withoutBytes(message: ModelMessage): CanonicalValue {
  if (message.role === 'assistant') return message;
  if (message.role === 'tool') return { role: 'tool', results: message.results.map((each) => ({ ...each })) };
  const parts = message.parts.map((part) =>
    part.type === 'file' ? { ...part, data: createHash('sha256').update(part.data).digest('hex') } : part,
  );
  return { role: 'user', parts };
}

function hash(value: CanonicalValue): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
