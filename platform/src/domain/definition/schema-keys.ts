import { z } from 'zod';

/** Keys that a schema allows at a path: what an unknown key may have meant. */
export function schemaKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  return path
    .reduce<z.ZodType[]>((schemas, step) => schemas.flatMap((inner) => stepInto(inner, step)), [schema])
    .flatMap(keysOf);
}

function keysOf(schema: z.ZodType): string[] {
  return unwrap(schema).flatMap((inner) => (inner instanceof z.ZodObject ? Object.keys(inner.shape) : []));
}

function stepInto(schema: z.ZodType, step: PropertyKey): z.ZodType[] {
  return unwrap(schema).flatMap((inner) => {
    if (inner instanceof z.ZodObject) {
      const field: unknown = inner.shape[String(step)];
      return field instanceof z.ZodType ? [field] : [];
    }
    if (inner instanceof z.ZodArray && inner.element instanceof z.ZodType) return [inner.element];
    return inner instanceof z.ZodRecord && inner.valueType instanceof z.ZodType ? [inner.valueType] : [];
  });
}

/** The schemas inside optional, default and union. */
function unwrap(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    const inner = schema.unwrap();
    return inner instanceof z.ZodType ? unwrap(inner) : [];
  }
  if (schema instanceof z.ZodUnion) {
    return schema.options.flatMap((option) => (option instanceof z.ZodType ? unwrap(option) : []));
  }
  return [schema];
}
