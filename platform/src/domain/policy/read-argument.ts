import type { JsonObject, JsonValue } from '@batuta/contract';

/** What stands at the place of an argument: one or (inside lists) several values, or something that hides what is there. */
export type FoundArgument = { kind: 'absent' } | { kind: 'hidden' } | { kind: 'found'; values: JsonValue[] };

const absent: FoundArgument = { kind: 'absent' };

/** The steps to an argument: its name, or a JSON pointer. */
export function argumentSteps(name: string): string[] {
  if (!name.startsWith('/')) return [name];
  return name
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * What stands at a place of the arguments. A list on the way is looked through item by item. A text where an object is expected is
 * `hidden` when it is JSON itself: the tool may take it apart. An absent argument is what the tool's schema says it then is.
 */
export function readArgument(
  steps: readonly string[],
  { input, schema }: { input: JsonValue; schema: JsonObject },
): FoundArgument {
  const found = walk([input], steps);
  if (found.kind !== 'absent') return found;
  const assumed = defaultAt(schema, steps);
  return assumed === undefined ? absent : { kind: 'found', values: [assumed] };
}

function walk(values: readonly JsonValue[], steps: readonly string[]): FoundArgument {
  const [step, ...rest] = steps;
  if (step === undefined) return { kind: 'found', values: [...values] };
  const next: JsonValue[] = [];
  for (const value of values) {
    if (typeof value === 'string' && /^\s*[[{"]/.test(value)) return { kind: 'hidden' };
    next.push(...childrenAt(value, step));
  }
  return next.length === 0 ? absent : walk(next, rest);
}

function childrenAt(value: JsonValue, step: string): JsonValue[] {
  if (typeof value !== 'object' || value === null) return [];
  if (!Array.isArray(value)) return Object.hasOwn(value, step) ? [value[step] ?? null] : [];
  const item = /^\d{1,9}$/.test(step) ? value[Number(step)] : undefined;
  return item === undefined ? value.flatMap((each) => childrenAt(each, step)) : [item];
}

function defaultAt(schema: JsonObject, steps: readonly string[]): JsonValue | undefined {
  let place: JsonValue | undefined = schema;
  for (const step of steps) {
    const properties: JsonValue | undefined = isObject(place) ? place['properties'] : undefined;
    place = isObject(properties) && Object.hasOwn(properties, step) ? properties[step] : undefined;
  }
  return isObject(place) ? place['default'] : undefined;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
