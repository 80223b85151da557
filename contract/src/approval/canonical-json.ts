import type { JsonValue } from '../json.ts';

/**
 * The one text of a JSON value (RFC 8785, JSON Canonicalization Scheme): members in the order of their names' UTF-16 code units,
 * no space, numbers as ECMAScript writes them. Two values have the same text exactly if they are equal.
 *
 * Where the scheme has no answer, because its values cannot be exchanged, this has one that keeps unequal values apart: a number
 * too large for a double is `1e999`, and half of a surrogate pair is its escape.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.keys(value)
    .toSorted(byCodeUnits)
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] ?? null)}`);
  return `{${members.join(',')}}`;
}

function canonicalNumber(value: number): string {
  if (Number.isFinite(value)) return JSON.stringify(value);
  return value > 0 ? '1e999' : '-1e999';
}

function byCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
