import type { JsonObject, JsonValue } from '@batuta/contract';
import { findExpression } from './find-expression.ts';
import { findTimeZone } from './find-time-zone.ts';
import { plain } from './words.ts';

/** What a message offers, each piece given to one argument only. */
interface Offer {
  text: string;
  quoted: string[];
  numbers: number[];
}

/** One argument to be filled. */
interface Wanted {
  name: string;
  schema: JsonObject;
  required: boolean;
}

/** Required arguments that may be the message itself. */
const freeTexts = /^(?:q|query|question|text|search|topic|prompt|task|message|request|input)$/;

const urlPattern = /https?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]]/;

/**
 * Arguments of a tool from the words of a message: an object written in it, `name: value`, what has the right shape (address,
 * expression, zone, a choice), else quoted texts and numbers in order. Undefined when a required argument finds nothing, or
 * when nothing at all was found for a tool that takes arguments.
 */
export function fillArguments(schema: JsonObject, text: string): JsonObject | undefined {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const names = Object.keys(properties);
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  const written = findObject(text, names);
  const offer: Offer = { text, quoted: findQuoted(text), numbers: findNumbers(text) };
  const filled: JsonObject = { ...written };
  for (const name of names) {
    const property = properties[name];
    if (filled[name] !== undefined || !isObject(property)) continue;
    const value = fillOne({ name, schema: property, required: required.has(name) }, offer);
    if (value !== undefined) filled[name] = value;
    else if (required.has(name)) return undefined;
  }
  return names.length > 0 && Object.keys(filled).length === 0 ? undefined : filled;
}

/** The address in a text. */
export function findUrl(text: string): string | undefined {
  return urlPattern.exec(text)?.[0];
}

function fillOne(wanted: Wanted, offer: Offer): JsonValue | undefined {
  const { name, schema, required } = wanted;
  if (schema['const'] !== undefined) return schema['const'];
  const named = findNamed(name, offer.text);
  if (named !== undefined) return convert(named, schema);
  if (Array.isArray(schema['enum'])) return findChoice(schema['enum'], offer.text);
  const shaped = fillByShape(name, schema, offer.text);
  return shaped ?? (required ? fillInOrder(wanted, offer) : undefined);
}

/** What only a text of a certain shape can fill: by the argument's name and format, and where to find it. */
const shapes: readonly (readonly [RegExp, (text: string) => string | undefined])[] = [
  [/^(?:url|uri|link|address)$|_url$|^format:uri$/, findUrl],
  [/e?mail/, (text) => /[\w.+-]+@[\w-]+\.[\w.]*\w/.exec(text)?.[0]],
  [/expression|formula/, findExpression],
  [/time_?zone|^tz$/i, findTimeZone],
  [/date/, (text) => /\d{4}-\d{2}-\d{2}/.exec(text)?.[0]],
];

function fillByShape(name: string, schema: JsonObject, text: string): JsonValue | undefined {
  if (schema['type'] !== 'string') return findUnit(name, schema, text);
  const format = typeof schema['format'] === 'string' ? `format:${schema['format']}` : '';
  return shapes.find(([pattern]) => pattern.test(name) || pattern.test(format))?.[1](text);
}

/** A number that stands before the argument's name, as in "10 seconds". */
function findUnit(name: string, schema: JsonObject, text: string): JsonValue | undefined {
  if (!isNumeric(schema)) return undefined;
  const before = new RegExp(`(-?\\d+(?:\\.\\d+)?)\\s*${escape(name)}\\b`, 'i').exec(text)?.[1];
  return before === undefined ? undefined : convert(before, schema);
}

function fillInOrder({ name, schema }: Wanted, offer: Offer): JsonValue | undefined {
  if (isNumeric(schema)) return takeNumber(schema, offer);
  if (schema['type'] === 'array') return fillList(schema, offer);
  if (schema['type'] !== 'string') return undefined;
  if (isShaped(name, schema)) return undefined;
  return offer.quoted.shift() ?? (freeTexts.test(name) ? offer.text.trim().slice(0, 2000) : undefined);
}

/** An argument that only a certain kind of text may fill. */
function isShaped(name: string, schema: JsonObject): boolean {
  return (
    schema['format'] !== undefined ||
    schema['pattern'] !== undefined ||
    /url|expression|zone|email|(?:^|_)id$/.test(name)
  );
}

function takeNumber(schema: JsonObject, offer: Offer): number | undefined {
  const at = offer.numbers.findIndex((value) => schema['type'] === 'number' || Number.isInteger(value));
  return at < 0 ? undefined : offer.numbers.splice(at, 1)[0];
}

function fillList(schema: JsonObject, offer: Offer): JsonValue | undefined {
  const items = isObject(schema['items']) ? schema['items'] : {};
  const list: JsonValue[] = isNumeric(items) ? offer.numbers.splice(0) : offer.quoted.splice(0);
  return list.length === 0 ? undefined : list;
}

/** A choice that is written in the text as a word of its own. */
function findChoice(choices: readonly JsonValue[], text: string): JsonValue | undefined {
  const words = ` ${plain(text).replaceAll(/[^\p{L}\p{N}_-]+/gu, ' ')} `;
  return choices.find((choice) => typeof choice === 'string' && words.includes(` ${plain(choice)} `));
}

/** `name: value`, `name=value`, `name "value"`. */
function findNamed(name: string, text: string): string | undefined {
  const spelled = escape(name).replaceAll('_', '[_ ]');
  const found = new RegExp(`\\b${spelled}\\s*(?:[:=]\\s*|\\s)(?:"([^"]+)"|'([^']+)')`, 'i').exec(text);
  if (found !== null) return found[1] ?? found[2];
  return new RegExp(`\\b${spelled}\\s*[:=]\\s*([^\\s,;]+)`, 'i').exec(text)?.[1];
}

function convert(text: string, schema: JsonObject): JsonValue | undefined {
  if (schema['type'] === 'boolean') return /^(?:true|false)$/i.test(text) ? /true/i.test(text) : undefined;
  if (!isNumeric(schema)) return text;
  const value = Number(text);
  return Number.isFinite(value) && (schema['type'] === 'number' || Number.isInteger(value))
    ? value
    : undefined;
}

function findObject(text: string, names: readonly string[]): JsonObject {
  const written = /\{[\s\S]*\}/.exec(text)?.[0];
  if (written === undefined) return {};
  try {
    const value: JsonValue = JSON.parse(written);
    return isObject(value) && Object.keys(value).every((name) => names.includes(name)) ? value : {};
  } catch {
    return {};
  }
}

function findQuoted(text: string): string[] {
  const found = text.matchAll(/"([^"]+)"|“([^”]+)”|«([^»]+)»|(?<=^|\s)'([^']+)'(?=\s|[.,;!?]|$)/g);
  return [...found].map(([, ...groups]) => groups.find((group) => group !== undefined) ?? '');
}

function findNumbers(text: string): number[] {
  const bare = text.replaceAll(/https?:\S+/g, ' ');
  return (bare.match(/(?<![\w.])-?\d+(?:\.\d+)?(?![\w])/g) ?? []).map(Number);
}

function isNumeric(schema: JsonObject): boolean {
  return schema['type'] === 'number' || schema['type'] === 'integer';
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function escape(name: string): string {
  return name.replaceAll(/[^\w]/g, String.raw`\$&`);
}
