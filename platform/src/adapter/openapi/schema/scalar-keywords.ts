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
  return {
    ...limits(schema),
    ...exclusive(schema),
    ...choices(schema),
    ...pattern(schema),
    ...format(schema),
    ...(schema['uniqueItems'] === true ? { uniqueItems: true } : {}),
    ...preset(schema),
  };
}

function limits(schema: JsonObject): JsonObject {
  const isNumber = (keyword: string) =>
    typeof schema[keyword] === 'number' && Number.isFinite(schema[keyword]);
  const isCount = (keyword: string) => Number.isSafeInteger(schema[keyword]) && Number(schema[keyword]) >= 0;
  const isDivisor = Number(schema['multipleOf'] ?? 1) > 0;
  const kept = [
    ...numberKeywords.filter((keyword) => isNumber(keyword) && (keyword !== 'multipleOf' || isDivisor)),
    ...countKeywords.filter(isCount),
  ];
  return Object.fromEntries(kept.map((keyword) => [keyword, schema[keyword] ?? null]));
}

function format(schema: JsonObject): JsonObject {
  const told = asText(schema['format']) ?? '';
  return knownFormats.has(told) ? { format: told } : {};
}

/** What is taken where nothing is said. Null says no more than that. */
function preset(schema: JsonObject): JsonObject {
  const told = schema['default'];
  const isShort = told !== undefined && told !== null && JSON.stringify(told).length <= longestDefault;
  return isShort ? { default: told } : {};
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
