import type { JsonObject, JsonValue } from '@batuta/contract';
import { asList, asObject } from '../document/json-shape.ts';

/** Which of two limits is the tighter one. */
const tighter: Readonly<Record<string, (a: number, b: number) => number>> = {
  minimum: Math.max,
  exclusiveMinimum: Math.max,
  minLength: Math.max,
  minItems: Math.max,
  minProperties: Math.max,
  maximum: Math.min,
  exclusiveMaximum: Math.min,
  maxLength: Math.min,
  maxItems: Math.min,
  maxProperties: Math.min,
};

/**
 * One schema for what must satisfy both, as `allOf` says it: providers take one object better than a list of parts. Where two parts cannot be
 * said as one, the first is told and the API judges the rest.
 */
export function mergeSchemas(a: JsonObject, b: JsonObject): JsonObject {
  const merged: JsonObject = { ...b, ...a };
  for (const keyword of Object.keys(a)) {
    const [left, right] = [a[keyword], b[keyword]];
    if (left !== undefined && right !== undefined) merged[keyword] = both(keyword, left, right);
  }
  mergeTypes(merged, a, b);
  mergeFurther(merged, a, b);
  return merged;
}

function both(keyword: string, a: JsonValue, b: JsonValue): JsonValue {
  if (keyword === 'properties') return mergeProperties(a, b);
  if (keyword === 'required') return [...new Set([...texts(a), ...texts(b)])];
  if (keyword === 'enum') return common(asList(a) as JsonValue[], asList(b) as JsonValue[]);
  if (keyword === 'items') return mergeSchemas(asObject(a) ?? {}, asObject(b) ?? {});
  const choose = tighter[keyword];
  return choose && typeof a === 'number' && typeof b === 'number' ? choose(a, b) : a;
}

function mergeProperties(a: JsonValue, b: JsonValue): JsonObject {
  const merged: JsonObject = { ...asObject(a) };
  for (const [name, schema] of Object.entries(asObject(b) ?? {})) {
    const known = asObject(merged[name]);
    const further = asObject(schema) ?? {};
    merged[name] = known ? mergeSchemas(known, further) : further;
  }
  return merged;
}

function mergeTypes(merged: JsonObject, a: JsonObject, b: JsonObject): void {
  if (a['type'] === undefined || b['type'] === undefined) return;
  const allowed = common(typeList(a['type']), typeList(b['type']));
  // Parts that exclude each other are a mistake of the document: the first one is taken.
  merged['type'] = allowed.length === 0 ? a['type'] : allowed.length === 1 ? (allowed[0] ?? null) : allowed;
}

/** A part that allows no further properties does not know those of the other parts. */
function mergeFurther(merged: JsonObject, a: JsonObject, b: JsonObject): void {
  const [left, right] = [a['additionalProperties'], b['additionalProperties']];
  if (left === false && right === false) return;
  if (left === false || right === false) delete merged['additionalProperties'];
}

function typeList(type: JsonValue): JsonValue[] {
  return Array.isArray(type) ? type : [type];
}

function texts(value: JsonValue): string[] {
  return asList(value).filter((item) => typeof item === 'string');
}

function common(a: readonly JsonValue[], b: readonly JsonValue[]): JsonValue[] {
  const known = new Set(b.map((value) => JSON.stringify(value)));
  const shared = a.filter((value) => known.has(JSON.stringify(value)));
  return shared.length > 0 ? shared : [...a];
}
