import type { JsonValue } from '@batuta/contract';

/** A JSON value with each of its texts, keys included, as `redact` gives it. Redacted as a whole it might no longer be JSON. */
export async function redactJson(
  value: JsonValue,
  redact: (text: string) => Promise<string>,
): Promise<JsonValue> {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Promise.all(value.map((item) => redactJson(item, redact)));
  const entries = Object.entries(value).map(
    async ([key, item]) => [await redact(key), await redactJson(item, redact)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
