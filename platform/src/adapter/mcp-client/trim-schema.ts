import { jsonObjectSchema, type JsonObject, type JsonValue } from '@batuta/contract';
import { cleanText } from './clean-text.ts';

/** Says nothing to a model, or is refused by some providers. */
const dropped = new Set(['$schema', '$id', '$comment', 'x-mcp-header']);

const longestNote = 600;
const largest = 32_768;
const deepest = 32;

/** A tool's schema as models are shown it: without what says nothing, texts cleaned; what is wrong with it otherwise. */
export function trimSchema(
  schema: unknown,
): { ok: true; schema: JsonObject } | { ok: false; reason: string } {
  const parsed = jsonObjectSchema.safeParse(schema);
  if (!parsed.success) return { ok: false, reason: 'its input schema is no JSON object' };
  if (JSON.stringify(parsed.data).length > largest * 2)
    return { ok: false, reason: 'its input schema is too large' };
  if (depthOf(parsed.data) > deepest) return { ok: false, reason: 'its input schema is nested too deeply' };
  const trimmed = trimObject(parsed.data);
  if (JSON.stringify(trimmed).length > largest) return { ok: false, reason: 'its input schema is too large' };
  return { ok: true, schema: { ...trimmed, type: 'object' } };
}

function trimObject(schema: JsonObject): JsonObject {
  const kept = Object.entries(schema).filter(([key]) => !dropped.has(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, trimValue(key, value)]));
}

function trimValue(key: string, value: JsonValue): JsonValue {
  if (typeof value === 'string')
    return key === 'description' || key === 'title' ? cleanText(value, longestNote) : value;
  if (Array.isArray(value)) return value.map((item) => trimValue('', item));
  return typeof value === 'object' && value !== null ? trimObject(value) : value;
}

function depthOf(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 0;
  let depth = 0;
  for (const inner of Object.values(value)) depth = Math.max(depth, depthOf(inner));
  return depth + 1;
}
