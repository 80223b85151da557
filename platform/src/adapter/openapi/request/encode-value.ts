import type { JsonObject, JsonValue } from '@batuta/contract';
import type { Encoding } from '../document/operation.ts';

/** A name and a value as they stand in a query or a form, percent-encoded. */
export type Pair = readonly [name: string, value: string];

const delimiters: Readonly<Record<string, string>> = {
  spaceDelimited: '%20',
  pipeDelimited: '%7C',
  tabDelimited: '%09',
};

/** Percent-encodes everything but letters, digits, `-`, `.`, `_` and `~`. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Percent-encodes for a place where reserved characters are allowed: all but those that would end the value there. */
function encodeReserved(text: string): string {
  return encodeURI(text.toWellFormed()).replaceAll(/[#&+]/g, (character) => percentEncode(character));
}

/** A value without structure as text; a structured one, where none is foreseen, as JSON. */
export function scalarText(value: JsonValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A parameter of a query or a field of a form, as `form`, `spaceDelimited`, `pipeDelimited` or `deepObject` write it. */
export function encodePairs(name: string, value: JsonValue, encoding: Encoding): Pair[] {
  const encode = encoding.allowReserved ? encodeReserved : percentEncode;
  const own = percentEncode(name);
  if (encoding.style === 'json') return [[own, encode(JSON.stringify(value))]];
  if (typeof value !== 'object' || value === null) return [[own, encode(scalarText(value))]];
  return encoding.style === 'deepObject'
    ? deepPairs(name, value, encode)
    : structuredPairs(own, value, encoding);
}

function structuredPairs(own: string, value: JsonObject | JsonValue[], encoding: Encoding): Pair[] {
  const encode = encoding.allowReserved ? encodeReserved : percentEncode;
  const flat = Array.isArray(value)
    ? value.map((item) => [own, encode(scalarText(item))] as const)
    : entriesOf(value).map(([key, item]) => [percentEncode(key), encode(scalarText(item))] as const);
  if (encoding.explode) return flat;
  const delimiter = delimiters[encoding.style] ?? ',';
  const parts = Array.isArray(value) ? flat.map(([, text]) => text) : flat.flat();
  return parts.length === 0 ? [] : [[own, parts.join(delimiter)]];
}

/** `filter[name]=a`, as deep as it goes; the items of a list are `ids[]=1`, and objects in lists `rows[0][name]=a`. */
function deepPairs(prefix: string, value: JsonValue, encode: (text: string) => string): Pair[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      typeof item === 'object' && item !== null
        ? deepPairs(`${prefix}[${index}]`, item, encode)
        : [[percentEncode(`${prefix}[]`), encode(scalarText(item))] as const],
    );
  }
  if (typeof value === 'object' && value !== null) {
    return entriesOf(value).flatMap(([key, item]) => deepPairs(`${prefix}[${key}]`, item, encode));
  }
  return [[percentEncode(prefix), encode(scalarText(value))]];
}

/** A variable of a path, or the value of a header, as `simple`, `label` and `matrix` write it. */
export function encodeSimple(
  { name, style, explode }: Pick<Encoding, 'style' | 'explode'> & { name: string },
  value: JsonValue,
  encode: (text: string) => string,
): string {
  if (style === 'json') return encode(JSON.stringify(value));
  const own = encode(name);
  const delimiter = delimiters[style] ?? ',';
  const parts = partsOf(value, { explode, encode, delimiter });
  if (style === 'label') return parts.map((part) => `.${part}`).join('');
  if (style !== 'matrix') return parts.join(delimiter);
  if (!isObject(value)) return parts.map((part) => (part === '' ? `;${own}` : `;${own}=${part}`)).join('');
  return explode ? parts.map((part) => `;${part}`).join('') : `;${own}=${parts.join(',')}`;
}

/** One part for each piece that stands by itself: exploded items, `key=value`, or the whole. */
function partsOf(
  value: JsonValue,
  { explode, encode, delimiter }: { explode: boolean; encode: (text: string) => string; delimiter: string },
): string[] {
  if (Array.isArray(value)) {
    const items = value.map((item) => encode(scalarText(item)));
    return explode ? items : [items.join(delimiter)];
  }
  if (!isObject(value)) return [encode(scalarText(value))];
  const entries = entriesOf(value).map(([key, item]) => [encode(key), encode(scalarText(item))]);
  return explode
    ? entries.map((entry) => entry.join('='))
    : [entries.map((entry) => entry.join(',')).join(',')];
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function entriesOf(value: JsonObject): [string, JsonValue][] {
  return Object.entries(value).filter(([, item]) => item !== undefined);
}
