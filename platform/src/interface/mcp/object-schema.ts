import { z } from 'zod';

/** JSON Schema of an object, as the protocol wants it. */
export type ObjectSchema = { type: 'object'; [key: string]: unknown };

/**
 * A schema as clients are shown it, who may put it in front of a model: without what says nothing more, such as the pattern of a date or the
 * largest whole number. What comes out may get further fields some day, so that those are not forbidden.
 */
export function toObjectSchema(schema: z.ZodType, io: 'input' | 'output'): ObjectSchema {
  const { $schema: _, ...converted } = z.toJSONSchema(schema, { io });
  const shown = tidy(converted, io);
  return { ...(isObject(shown) ? shown : {}), type: 'object' };
}

function tidy(value: unknown, io: 'input' | 'output'): unknown {
  if (Array.isArray(value)) return value.map((item) => tidy(item, io));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([key, child]) => !isIdle(value, key, child) && !isClosed(io, key, child),
  );
  return Object.fromEntries(kept.map(([key, child]) => [key, tidy(child, io)]));
}

function isIdle(schema: Record<string, unknown>, key: string, value: unknown): boolean {
  if (key === 'pattern') return schema['format'] !== undefined && typeof value === 'string';
  if (key === 'maximum' || key === 'minimum') return Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER;
  return (key === 'examples' && Array.isArray(value)) || (key === 'propertyNames' && isObject(value));
}

function isClosed(io: 'input' | 'output', key: string, value: unknown): boolean {
  return io === 'output' && key === 'additionalProperties' && value === false;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
