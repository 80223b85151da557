import type { JsonObject, JsonValue } from '@batuta/contract';

/** A JSON value with each of its texts changed; keys stay. */
export function mapTexts(value: JsonObject, change: (text: string) => string): JsonObject;
export function mapTexts(value: JsonValue, change: (text: string) => string): JsonValue;
export function mapTexts(value: JsonValue, change: (text: string) => string): JsonValue {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}
