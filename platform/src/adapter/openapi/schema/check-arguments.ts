import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, JsonValue } from '@batuta/contract';
import { asList, asObject } from '../document/json-shape.ts';

/** Faults that are told at once. */
const mostFaults = 8;

/**
 * What is wrong with arguments under a schema that `SchemaBuilder` has written, in words that a model can act on; empty when nothing is.
 * Patterns are told to models and left to the API to judge: one that takes for ever must not stop this process.
 */
export function checkArguments(schema: JsonObject, value: JsonValue): string[] {
  return faultsOf(schema, value, '').slice(0, mostFaults);
}

function faultsOf(schema: JsonObject, value: JsonValue, path: string): string[] {
  const type = typeFault(schema, value, path);
  if (type !== undefined) return [type];
  const variants = asList(schema['anyOf']);
  return [
    ...choiceFaults(schema, value, path),
    ...sizeFaults(schema, value, path),
    ...(Array.isArray(value) ? itemFaults(schema, value, path) : []),
    ...(isObject(value) ? propertyFaults(schema, value, path) : []),
    ...(variants.length > 0 ? variantFaults(variants, value, path) : []),
  ];
}

/** The faults of the variant that comes closest. */
function variantFaults(variants: readonly unknown[], value: JsonValue, path: string): string[] {
  let closest: string[] | undefined;
  for (const variant of variants) {
    const faults = faultsOf(asObject(variant) ?? {}, value, path);
    if (faults.length === 0) return [];
    if (!closest || faults.length < closest.length) closest = faults;
  }
  return closest ?? [];
}

function typeFault(schema: JsonObject, value: JsonValue, path: string): string | undefined {
  const told = schema['type'];
  if (told === undefined) return undefined;
  const types = (Array.isArray(told) ? told : [told]).map(String);
  const fits = types.some((type) => type === typeOf(value) || (type === 'integer' && isInteger(value)));
  return fits ? undefined : `${named(path)} must be ${withArticles(types)}, not ${shown(value)}`;
}

function choiceFaults(schema: JsonObject, value: JsonValue, path: string): string[] {
  const choices = schema['enum'];
  if (!Array.isArray(choices) || choices.some((choice) => isDeepStrictEqual(choice, value))) return [];
  const some = choices.slice(0, 20).map((choice) => JSON.stringify(choice));
  const others = choices.length > some.length ? ` and ${choices.length - some.length} others` : '';
  const wanted = choices.length === 1 ? '' : 'one of ';
  return [`${named(path)} must be ${wanted}${some.join(', ')}${others}, not ${shown(value)}`];
}

/** Limits: the keyword, what it measures, and how it is told. */
const limits: readonly {
  keyword: string;
  measure: (value: JsonValue) => number | undefined;
  holds: (size: number, limit: number) => boolean;
  words: string;
}[] = [
  { keyword: 'minimum', measure: numberOf, holds: (size, limit) => size >= limit, words: 'be at least' },
  { keyword: 'maximum', measure: numberOf, holds: (size, limit) => size <= limit, words: 'be at most' },
  {
    keyword: 'exclusiveMinimum',
    measure: numberOf,
    holds: (size, limit) => size > limit,
    words: 'be more than',
  },
  {
    keyword: 'exclusiveMaximum',
    measure: numberOf,
    holds: (size, limit) => size < limit,
    words: 'be less than',
  },
  {
    keyword: 'minLength',
    measure: lengthOf,
    holds: (size, limit) => size >= limit,
    words: 'have characters, at least',
  },
  {
    keyword: 'maxLength',
    measure: lengthOf,
    holds: (size, limit) => size <= limit,
    words: 'have characters, at most',
  },
  {
    keyword: 'minItems',
    measure: countOf,
    holds: (size, limit) => size >= limit,
    words: 'have items, at least',
  },
  {
    keyword: 'maxItems',
    measure: countOf,
    holds: (size, limit) => size <= limit,
    words: 'have items, at most',
  },
  {
    keyword: 'minProperties',
    measure: keysOf,
    holds: (size, limit) => size >= limit,
    words: 'have properties, at least',
  },
  {
    keyword: 'maxProperties',
    measure: keysOf,
    holds: (size, limit) => size <= limit,
    words: 'have properties, at most',
  },
];

function sizeFaults(schema: JsonObject, value: JsonValue, path: string): string[] {
  return limits.flatMap(({ keyword, measure, holds, words }) => {
    const limit = schema[keyword];
    const size = measure(value);
    if (typeof limit !== 'number' || size === undefined || holds(size, limit)) return [];
    return [`${named(path)} must ${words} ${limit}`];
  });
}

function itemFaults(schema: JsonObject, value: readonly JsonValue[], path: string): string[] {
  const items = asObject(schema['items']);
  if (!items) return [];
  const faults: string[] = [];
  for (const [index, item] of value.entries()) {
    if (faults.length >= mostFaults) break;
    faults.push(...faultsOf(items, item, `${path}[${index}]`));
  }
  return faults;
}

function propertyFaults(schema: JsonObject, value: JsonObject, path: string): string[] {
  const properties = asObject(schema['properties']) ?? {};
  const further = schema['additionalProperties'];
  const missing = asList(schema['required'])
    .map(String)
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => `${named(joined(path, name))} is missing`);
  const wrong = Object.entries(value).flatMap(([name, item]) => {
    const known = Object.hasOwn(properties, name) ? asObject(properties[name]) : undefined;
    if (known) return faultsOf(known, item, joined(path, name));
    if (further === false) return [unknownFault(joined(path, name), Object.keys(properties))];
    return asObject(further) ? faultsOf(asObject(further) ?? {}, item, joined(path, name)) : [];
  });
  return [...missing, ...wrong];
}

function unknownFault(path: string, known: readonly string[]): string {
  const some = known.slice(0, 20).join(', ');
  return `${named(path)} is not known here (${known.length === 0 ? 'there are no arguments' : `known: ${some}`})`;
}

function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function isInteger(value: JsonValue): boolean {
  return typeof value === 'number' && Number.isInteger(value);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeOf(value) === 'object';
}

function numberOf(value: JsonValue): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** In characters, as people count them. */
function lengthOf(value: JsonValue): number | undefined {
  return typeof value === 'string' ? Array.from(value).length : undefined;
}

function countOf(value: JsonValue): number | undefined {
  return Array.isArray(value) ? value.length : undefined;
}

function keysOf(value: JsonValue): number | undefined {
  return isObject(value) ? Object.keys(value).length : undefined;
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function named(path: string): string {
  return path === '' ? 'the whole' : `"${path}"`;
}

function withArticles(types: readonly string[]): string {
  const words: Readonly<Record<string, string>> = {
    string: 'a text',
    number: 'a number',
    integer: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'an object',
    null: 'null',
  };
  return types.map((type) => words[type] ?? type).join(' or ');
}

function shown(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
