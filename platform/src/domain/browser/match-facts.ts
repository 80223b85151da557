import type { JsonObject, JsonValue } from '@batuta/contract';
import { z } from 'zod';

/** Rows of one table, list or form of a page. */
const groupSchema = z.object({
  kind: z.string(),
  rows: z.array(z.record(z.string(), z.string())),
});
type Group = z.output<typeof groupSchema>;
type Row = Record<string, string>;

/** What a schema found on a page: the data, and names of properties that are nowhere. */
export type Matched = { ok: true; data: JsonValue; missing: string[] } | { ok: false; reason: string };

interface Wanted {
  property: string;
  /** Names by which the page may call it. */
  names: readonly string[];
  type: string;
}

/**
 * Puts what stands in a page into the form of a schema. Each group of the page (table, terms, form, items) is tried; the one in which most
 * properties have a name wins. Values are turned into numbers and truth values where the schema wants those.
 */
export function matchFacts(facts: readonly JsonValue[], schema: JsonObject): Matched {
  const groups = z.array(groupSchema).safeParse(facts).data ?? [];
  const shape = shapeOf(schema);
  if (!shape)
    return {
      ok: false,
      reason: 'The schema must be an object with properties, or an array of such objects (items).',
    };
  const best = groups
    .map((group) => ({ group, score: scoreOf(group, shape.wanted) }))
    .toSorted((a, b) => b.score - a.score || b.group.rows.length - a.group.rows.length)[0];
  if (!best || best.score === 0) return { ok: false, reason: nothingFound(groups, shape.wanted) };
  const missing = shape.wanted.filter(
    (each) => !best.group.rows.some((row) => valueOf(row, each) !== undefined),
  );
  const data = shape.isList ? rowsOf(best.group, shape.wanted) : oneOf(groups, best.group, shape.wanted);
  return { ok: true, data, missing: missing.map(({ property }) => property) };
}

function shapeOf(schema: JsonObject): { isList: boolean; wanted: Wanted[] } | undefined {
  const isList = schema['type'] === 'array';
  const item = isList ? schema['items'] : schema;
  const properties = isObject(item) ? item['properties'] : undefined;
  if (!isObject(properties) || Object.keys(properties).length === 0) return undefined;
  const wanted = Object.entries(properties).map(([property, about]) => {
    const title = isObject(about) && typeof about['title'] === 'string' ? [about['title']] : [];
    const type = isObject(about) && typeof about['type'] === 'string' ? about['type'] : 'string';
    return { property, names: [property, ...title].map(fold), type };
  });
  return { isList, wanted };
}

function scoreOf({ rows }: Group, wanted: readonly Wanted[]): number {
  return wanted.filter((each) => rows.some((row) => valueOf(row, each) !== undefined)).length;
}

function rowsOf({ rows }: Group, wanted: readonly Wanted[]): JsonObject[] {
  const objects = rows.map((row) => objectOf(row, wanted));
  return objects.filter((each) => Object.keys(each).length > 0);
}

/** One object may be spread over several groups: what the best one lacks is looked for in the others that have one row. */
function oneOf(groups: readonly Group[], best: Group, wanted: readonly Wanted[]): JsonObject {
  const single = groups.filter(({ rows }) => rows.length === 1).flatMap(({ rows }) => rows);
  const rows = [best.rows[0] ?? {}, ...single];
  return Object.assign({}, ...rows.toReversed().map((row) => objectOf(row, wanted))) as JsonObject;
}

function objectOf(row: Row, wanted: readonly Wanted[]): JsonObject {
  const entries = wanted.flatMap((each): [string, JsonValue][] => {
    const text = valueOf(row, each);
    return text === undefined ? [] : [[each.property, typed(text, each.type)]];
  });
  return Object.fromEntries(entries);
}

function valueOf(row: Row, { names }: Wanted): string | undefined {
  return Object.entries(row).find(([name]) => names.includes(fold(name)))?.[1];
}

/** A text as the schema wants it; what cannot be turned stays as it stands. */
function typed(text: string, type: string): JsonValue {
  if (type === 'number' || type === 'integer') return numberOf(text) ?? text;
  if (type !== 'boolean') return text;
  if (/^(?:true|yes|sim|sí|✓|x)$/i.test(text)) return true;
  return /^(?:false|no|não|)$/i.test(text) ? false : text;
}

/** `1,234.50`, `1.234,50`, `€ 12`, `12 %`: the last separator is the decimal one, unless it stands before exactly three digits. */
function numberOf(text: string): number | undefined {
  const bare = text.replaceAll(/[^\d.,-]/g, '');
  if (!/^-?\d[\d.,]*$/.test(bare)) return undefined;
  const last = Math.max(bare.lastIndexOf('.'), bare.lastIndexOf(','));
  const isDecimal =
    last >= 0 && (bare.length - last !== 4 || bare.slice(0, last).includes(bare[last] === '.' ? ',' : '.'));
  const whole = (isDecimal ? bare.slice(0, last) : bare).replaceAll(/[.,]/g, '');
  return Number(isDecimal ? `${whole}.${bare.slice(last + 1)}` : whole);
}

function nothingFound(groups: readonly Group[], wanted: readonly Wanted[]): string {
  const names = [...new Set(groups.flatMap(({ rows }) => Object.keys(rows[0] ?? {})))].slice(0, 60);
  const asked = wanted.map(({ property }) => property).join(', ');
  const there =
    names.length > 0
      ? `There are: ${names.join(', ')}.`
      : 'There is no table, list of terms, form or list of items.';
  return `Nothing on the page is called ${asked}. ${there}`;
}

function fold(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
