import { createHash } from 'node:crypto';

import type { JsonValue } from '@batuta/contract';

/** The body of a request as a value: JSON where it is JSON, else text, null when there is none. */
export function bodyValue(bytes: Buffer): JsonValue {
  if (bytes.length === 0) return null;
  const text = bytes.toString('utf8');
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

/** The hash of a body, the same for every order of its keys. */
export function bodyHash(body: JsonValue): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(body)))
    .digest('hex');
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).toSorted();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null)]));
}
