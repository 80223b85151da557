import type { JsonObject } from '@batuta/contract';
import { asObject, asText, plainOf } from '../document/json-shape.ts';

/** The property that says which variant a value is. */
export interface Discriminator {
  property: string;
  /** From the reference of a variant to the value that names it. */
  values: ReadonlyMap<string, string>;
}

/** The discriminator of a schema with variants. */
export function discriminatorOf(schema: JsonObject): Discriminator | null {
  const told = asObject(schema['discriminator']);
  const property = asText(told?.['propertyName']);
  if (property === undefined) return null;
  const mapping = Object.entries(asObject(told?.['mapping']) ?? {});
  return { property, values: new Map(mapping.map(([value, reference]) => [plainOf(reference), value])) };
}

/** A variant whose discriminating property says its own value, so that a model need not guess it. */
export function nameVariant(built: JsonObject, variant: unknown, by: Discriminator | null): JsonObject {
  const reference = asText(asObject(variant)?.['$ref']);
  if (!by || reference === undefined) return built;
  const properties = asObject(built['properties']);
  const property = asObject(properties?.[by.property]);
  if (!property || property['enum'] !== undefined) return built;
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  const value = by.values.get(reference) ?? by.values.get(name) ?? name;
  return { ...built, properties: { ...properties, [by.property]: { ...property, enum: [value] } } };
}
