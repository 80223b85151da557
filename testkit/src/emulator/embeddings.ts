import type { JsonObject } from '@batuta/contract';
import { listOf, textValue } from './json-reading.ts';

/** Addresses at which OpenAI's clients ask for embeddings. */
export const embeddingPaths: ReadonlySet<string> = new Set(['/v1/embeddings', '/embeddings']);

const dimensions = 96;

/** The texts that a request wants placed. */
export function textsToEmbed(body: JsonObject): string[] {
  const { input } = body;
  return typeof input === 'string' ? [input] : listOf(input ?? null).map(textValue);
}

/** The answer to a request for embeddings, as OpenAI writes it. */
export function embeddingsBody(body: JsonObject): JsonObject {
  const texts = textsToEmbed(body);
  const tokens = texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0);
  return {
    object: 'list',
    model: textValue(body['model']),
    data: texts.map((text, index) => ({
      object: 'embedding',
      index,
      embedding: body['encoding_format'] === 'base64' ? base64Of(embed(text)) : embed(text),
    })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/**
 * Places a text by its words and the groups of three letters in them, so that texts with the same words are near each other. It knows
 * no meaning, and the same text has the same place on every machine.
 */
function embed(text: string): number[] {
  const vector = Array.from({ length: dimensions }, () => 0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    add(vector, word, 2);
    for (let at = 0; at + 3 <= word.length; at += 1) add(vector, word.slice(at, at + 3), 1);
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => (length === 0 ? 0 : value / length));
}

function add(vector: number[], feature: string, weight: number): void {
  const place = hash(feature) % dimensions;
  vector[place] = (vector[place] ?? 0) + weight;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}

function base64Of(vector: readonly number[]): string {
  return Buffer.from(new Float32Array(vector).buffer).toString('base64');
}
