import type { JsonObject, JsonValue } from '@batuta/contract';
import { asText } from '../document/json-shape.ts';

/** Formats that models know how to write. */
const knownFormats = new Set('date-time date time duration email uri uuid ipv4 ipv6 hostname'.split(' '));

const numberKeywords = ['minimum', 'maximum', 'multipleOf'] as const;
const countKeywords = [
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
] as const;

const longestPattern = 200;
const longestDefault = 120;
const mostChoices = 100;

/** Types as documents write them that JSON Schema has no word for. */
const otherNames: Readonly<Record<string, string>> = {
  int: 'integer',
  int32: 'integer',
  int64: 'integer',
  long: 'integer',
  float: 'number',
  double: 'number',
  decimal: 'number',
  bool: 'boolean',
  str: 'string',
  text: 'string',
  date: 'string',
  datetime: 'string',
  'date-time': 'string',
  uuid: 'string',
  url: 'string',
  file: 'string',
  list: 'array',
  map: 'object',
  hash: 'object',
  dict: 'object',
};
const types = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']);

/** The types that a schema allows, in JSON Schema's words; empty: any. */
export function typesOf(schema: JsonObject): string[] {
  const told = Array.isArray(schema['type']) ? schema['type'] : [schema['type']];
  const known = told.map((type) => typeName(asText(type) ?? '')).filter((type) => types.has(type));
  const distinct = [...new Set(known.length === told.length ? known : [])];
  if (distinct.length > 0) return isNullable(schema) ? [...new Set([...distinct, 'null'])] : distinct;
  return impliedType(schema);
}

/** Whether null is allowed, in the words of each version. */
export function isNullable(schema: JsonObject): boolean {
  return schema['nullable'] === true || schema['x-nullable'] === true;
}

function typeName(type: string): string {
  const lower = type.toLowerCase();
  return otherNames[lower] ?? lower;
}

function impliedType(schema: JsonObject): string[] {
  const nullable = isNullable(schema) ? ['null'] : [];
  if (schema['properties'] !== undefined) return ['object', ...nullable];
  return schema['items'] === undefined ? [] : ['array', ...nullable];
}

/** Limits, choices and formats of a schema, as far as they are well-formed. */
export function scalarKeywords(schema: JsonObject): JsonObject {
  const kept: JsonObject = {};
  for (const keyword of numberKeywords) {
    const value = schema[keyword];
    if (typeof value === 'number' && (keyword !== 'multipleOf' || value > 0)) kept[keyword] = value;
  }
  for (const keyword of countKeywords) {
    const value = schema[keyword];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) kept[keyword] = value;
  }
  Object.assign(kept, exclusive(schema), choices(schema), pattern(schema));
  const format = asText(schema['format']) ?? '';
  if (knownFormats.has(format)) kept['format'] = format;
  if (schema['uniqueItems'] === true) kept['uniqueItems'] = true;
  const preset = schema['default'];
  if (preset !== undefined && preset !== null && JSON.stringify(preset).length <= longestDefault)
    kept['default'] = preset;
  return kept;
}

/** Exclusive limits were a yes or no beside the limit up to 3.0, and are numbers since. */
function exclusive(schema: JsonObject): JsonObject {
  const kept: JsonObject = {};
  for (const [keyword, limit] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    const value = schema[keyword];
    const bound = schema[limit];
    if (typeof value === 'number') kept[keyword] = value;
    if (value === true && typeof bound === 'number') kept[keyword] = bound;
  }
  return kept;
}

function choices(schema: JsonObject): JsonObject {
  if (schema['const'] !== undefined) return { enum: [schema['const']] };
  const listed = schema['enum'];
  if (!Array.isArray(listed) || listed.length === 0 || listed.length > mostChoices) return {};
  const values: JsonValue[] = isNullable(schema) && !listed.includes(null) ? [...listed, null] : listed;
  const distinct = new Map(values.map((value) => [JSON.stringify(value), value]));
  return { enum: [...distinct.values()] };
}

function pattern(schema: JsonObject): JsonObject {
  const told = asText(schema['pattern']);
  if (told === undefined || told.length > longestPattern) return {};
  try {
    void new RegExp(told, 'u');
    return { pattern: told };
  } catch {
    return {};
  }
}
