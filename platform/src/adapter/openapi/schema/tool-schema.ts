import type { JsonObject, JsonValue } from '@batuta/contract';
import { asList, asObject, asText, within } from '../document/json-shape.ts';
import { cutText, plainText } from '../document/plain-text.ts';
import type { References } from '../document/references.ts';
import { discriminatorOf, nameVariant, type Discriminator } from './discriminator.ts';
import { mergeSchemas } from './merge-schemas.ts';
import { isNullable, scalarKeywords, typesOf } from './scalar-keywords.ts';

/** How much of a schema a model is told. */
export interface SchemaSize {
  depth: number;
  /** Schemas, each with its properties, items and variants. */
  nodes: number;
  /** Characters of each description. */
  description: number;
}

/** How often a schema may stand inside itself before it is told as "any object". */
const mostRepeats = 2;
const mostVariants = 24;

/**
 * Writes one schema of a document as JSON Schema that every provider of models takes: without references, `allOf` or `oneOf`, and no larger than
 * asked. A tree of references can be endless, so it is never expanded: the builder walks it, gives up when there is too much, and is
 * started again with less depth (`fit-schema.ts`).
 */
export class SchemaBuilder {
  readonly #references: References;
  readonly #size: SchemaSize;
  readonly #chain: string[] = [];
  #nodes = 0;

  constructor(references: References, size: SchemaSize) {
    this.#references = references;
    this.#size = size;
  }

  /** Whether there was more than fits. */
  get exceeded(): boolean {
    return this.#nodes > this.#size.nodes;
  }

  /** Throws `FaultyPart` at a reference that leads nowhere. */
  build(schema: unknown, place: string, depth = 0): JsonObject {
    this.#nodes += 1;
    const object = asObject(schema);
    if (this.exceeded || !object) return {};
    const reference = asText(object['$ref']);
    if (reference !== undefined)
      return this.#referenced(withoutReference(object), { reference, place, depth });
    return this.#own(object, place, depth);
  }

  #referenced(
    siblings: JsonObject,
    { reference, place, depth }: { reference: string; place: string; depth: number },
  ): JsonObject {
    const target = this.#references.target(reference, place);
    if (this.#chain.filter((each) => each === target.place).length >= mostRepeats) {
      const again = asObject(target.value) ?? {};
      return this.#described(again, typeOnly(typesOf(again)));
    }
    this.#chain.push(target.place);
    try {
      const built = this.build(target.value, target.place, depth);
      // 3.1 allows further keywords beside a reference; what is written there wins.
      if (Object.keys(siblings).length === 0) return built;
      const beside = this.#own(siblings, place, depth);
      return isNullable(siblings) ? orNull(mergeSchemas(beside, built)) : mergeSchemas(beside, built);
    } finally {
      this.#chain.pop();
    }
  }

  #own(schema: JsonObject, place: string, depth: number): JsonObject {
    const types = typesOf(schema);
    const built: JsonObject = {};
    Object.assign(built, typeOnly(types), scalarKeywords(schema));
    if (depth < this.#size.depth) Object.assign(built, this.#inner(schema, { types, place, depth }));
    const whole = this.#combined(schema, { built, place, depth });
    return this.#described(schema, tidied(whole));
  }

  #inner(schema: JsonObject, at: { types: readonly string[]; place: string; depth: number }): JsonObject {
    const inner: JsonObject = {};
    const { types, place, depth } = at;
    if (types.includes('object')) Object.assign(inner, this.#properties(schema, place, depth));
    if (types.includes('array')) {
      inner['items'] = this.build(schema['items'] ?? {}, within(place, 'items'), depth + 1);
    }
    return inner;
  }

  #properties(schema: JsonObject, place: string, depth: number): JsonObject {
    const properties: JsonObject = {};
    for (const [name, property] of Object.entries(asObject(schema['properties']) ?? {})) {
      // What the API alone may set is not an argument.
      if (asObject(property)?.['readOnly'] === true) continue;
      properties[name] = this.build(property, within(place, 'properties', name), depth + 1);
    }
    const required = asList(schema['required']).filter((name) => typeof name === 'string');
    return {
      ...(Object.keys(properties).length > 0 ? { properties } : {}),
      ...(required.length > 0 ? { required: [...new Set(required)] } : {}),
      ...this.#further(schema['additionalProperties'], within(place, 'additionalProperties'), depth),
    };
  }

  #further(told: JsonValue | undefined, place: string, depth: number): JsonObject {
    if (told === false) return { additionalProperties: false };
    const schema = asObject(told);
    if (!schema || Object.keys(schema).length === 0) return {};
    return { additionalProperties: this.build(schema, place, depth + 1) };
  }

  /** With what `allOf`, `oneOf` and `anyOf` add. */
  #combined(schema: JsonObject, at: { built: JsonObject; place: string; depth: number }): JsonObject {
    const { place, depth } = at;
    let whole = at.built;
    for (const [index, part] of asList(schema['allOf']).entries()) {
      whole = mergeSchemas(whole, this.build(part, within(place, 'allOf', index), depth));
    }
    for (const keyword of ['oneOf', 'anyOf'] as const) {
      const variants = asList(schema[keyword]).slice(0, mostVariants);
      if (variants.length === 0 || depth >= this.#size.depth) continue;
      const told = this.#variants(variants, {
        place: within(place, keyword),
        depth,
        by: discriminatorOf(schema),
      });
      whole = mergeSchemas(whole, told);
    }
    return isNullable(schema) ? orNull(whole) : whole;
  }

  #variants(
    variants: readonly unknown[],
    { place, depth, by }: { place: string; depth: number; by: Discriminator | null },
  ): JsonObject {
    const built = variants.map((variant, index) =>
      nameVariant(this.build(variant, within(place, index), depth + 1), variant, by),
    );
    const distinct = new Map(built.map((variant) => [JSON.stringify(variant), variant]));
    const [only] = distinct.values();
    // A variant that allows everything makes the others superfluous.
    if (distinct.size === 1 || distinct.has('{}')) return distinct.has('{}') ? {} : (only ?? {});
    return { anyOf: [...distinct.values()] };
  }

  #described(schema: JsonObject, built: JsonObject): JsonObject {
    if (this.#size.description === 0 || this.exceeded) return built;
    const text = cutText(descriptionOf(schema), this.#size.description);
    return text === '' ? built : { ...built, description: text };
  }
}

function typeOnly(types: readonly string[]): JsonObject {
  const [only, ...others] = types;
  if (only === undefined) return {};
  return { type: others.length === 0 ? only : [...types] };
}

const longestDescription = 300;
/** Plain descriptions of schemas: each schema is written several times. */
const descriptions = new WeakMap<JsonObject, string>();

function descriptionOf(schema: JsonObject): string {
  const known = descriptions.get(schema);
  if (known !== undefined) return known;
  const told = asText(schema['description']) ?? asText(schema['title']) ?? '';
  const plain = plainText(told, longestDescription);
  descriptions.set(schema, plain);
  return plain;
}

/** What stands beside a reference. */
function withoutReference(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => keyword !== '$ref'));
}

/** Also null. */
function orNull(schema: JsonObject): JsonObject {
  if (schema['anyOf'] !== undefined && schema['type'] === undefined) {
    const variants = asList(schema['anyOf']) as JsonValue[];
    return { ...schema, anyOf: [...variants, { type: 'null' }] };
  }
  const type = schema['type'];
  if (type === undefined) return schema;
  const types = Array.isArray(type) ? type : [type];
  const values = schema['enum'];
  const withNull = types.includes('null') ? types : [...types, 'null'];
  return Array.isArray(values) && !values.includes(null)
    ? { ...schema, type: withNull, enum: [...values, null] }
    : { ...schema, type: withNull };
}

/** Without what contradicts itself: choices that the type forbids, and required properties that cannot be given. */
function tidied(schema: JsonObject): JsonObject {
  const tidy = { ...schema };
  const properties = asObject(schema['properties']);
  if (schema['required'] !== undefined) {
    const known = asList(schema['required']).filter(
      (name) => properties && Object.hasOwn(properties, String(name)),
    );
    if (known.length > 0) tidy['required'] = known as JsonValue[];
    else delete tidy['required'];
  }
  const values = schema['enum'];
  if (Array.isArray(values) && !values.every((value) => fitsType(value, schema['type']))) delete tidy['type'];
  return tidy;
}

function fitsType(value: JsonValue, type: JsonValue | undefined): boolean {
  const types = type === undefined ? [] : Array.isArray(type) ? type : [type];
  if (types.length === 0) return true;
  const own = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return types.includes(own) || (types.includes('integer') && Number.isInteger(value));
}
