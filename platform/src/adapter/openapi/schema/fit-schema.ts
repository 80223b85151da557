import type { JsonObject } from '@batuta/contract';
import { asObject, asText } from '../document/json-shape.ts';
import type { References } from '../document/references.ts';
import { SchemaBuilder, type SchemaSize } from './tool-schema.ts';

/** Characters of a schema's JSON that a model is told. */
const mostCharacters = 12_000;

/** From the most precise to the shortest. */
const sizes: readonly SchemaSize[] = [
  { depth: 8, nodes: 400, description: 300 },
  { depth: 6, nodes: 400, description: 160 },
  { depth: 4, nodes: 300, description: 120 },
  { depth: 3, nodes: 300, description: 80 },
  { depth: 2, nodes: 300, description: 60 },
  { depth: 1, nodes: 1_000, description: 40 },
  { depth: 1, nodes: 1_000, description: 0 },
];

/** What schemas of a document that stand for themselves have become: many operations share one. */
const known = new WeakMap<References, Map<string, JsonObject>>();

/** The most precise form of a schema that fits; an object or list without its parts when none does. Throws `FaultyPart`. */
export function fitSchema(schema: unknown, place: string, references: References): JsonObject {
  const object = asObject(schema);
  const reference = asText(object?.['$ref']);
  if (!object || reference === undefined || Object.keys(object).length > 1)
    return fit(schema, place, references);
  const shared = known.get(references) ?? new Map<string, JsonObject>();
  known.set(references, shared);
  const built = shared.get(reference) ?? fit(schema, place, references);
  shared.set(reference, built);
  return built;
}

function fit(schema: unknown, place: string, references: References): JsonObject {
  for (const size of sizes) {
    const builder = new SchemaBuilder(references, size);
    const built = builder.build(schema, place);
    if (!builder.exceeded && JSON.stringify(built).length <= mostCharacters) return built;
  }
  const builder = new SchemaBuilder(references, { depth: 0, nodes: 10_000, description: 200 });
  const bare = builder.build(schema, place);
  return bare['type'] === undefined ? {} : { type: bare['type'] };
}
