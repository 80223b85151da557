import type { JsonObject, JsonValue } from '@batuta/contract';
import { asObject, asText } from '../document/json-shape.ts';
import { cutText } from '../document/plain-text.ts';

/** Characters of all arguments of a tool together. */
const mostCharacters = 16_000;
const shortDescription = 80;

/** Arguments that are too many words together: with short descriptions first, then the optional ones without their parts. */
export function fitProperties(properties: JsonObject, required: readonly string[]): JsonObject {
  if (sizeOf(properties) <= mostCharacters) return properties;
  const short = Object.entries(properties).map(([name, schema]) => [name, shortened(schema)] as const);
  if (sizeOf(Object.fromEntries(short)) <= mostCharacters) return Object.fromEntries(short);
  return Object.fromEntries(
    short.map(([name, schema]) => [name, required.includes(name) ? schema : withoutParts(schema)]),
  );
}

function sizeOf(schema: JsonObject): number {
  return JSON.stringify(schema).length;
}

/** With short descriptions, however deep they stand. */
function shortened(schema: JsonValue): JsonValue {
  if (Array.isArray(schema)) return schema.map(shortened);
  const object = asObject(schema);
  if (!object) return schema;
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      key,
      key === 'description' && typeof value === 'string'
        ? cutText(value, shortDescription)
        : shortened(value),
    ]),
  );
}

/** What it is, without what is in it. */
function withoutParts(schema: JsonValue): JsonValue {
  const object = asObject(schema) ?? {};
  const description = asText(object['description']);
  return {
    ...(object['type'] === undefined ? {} : { type: object['type'] }),
    ...(description === undefined ? {} : { description }),
  };
}
