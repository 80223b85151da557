/** A JSON Schema (2020-12), or a part of an OpenAPI document. */
export type JsonSchema = { [key: string]: unknown };

/** Whether a value is an object with keys. */
export function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
