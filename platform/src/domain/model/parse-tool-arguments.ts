import type { JsonObject, JsonValue } from '@batuta/contract';
import { jsonrepair } from 'jsonrepair';
import { findJsonFault } from './find-json-fault.ts';
import { findOpenEnd } from './find-open-end.ts';

/** What is known about the call besides its text. */
export interface ToolCallFacts {
  /** Names of the arguments that the tool cannot do without. */
  required: readonly string[];
  /** True when the model stopped because its output limit was reached (finish reason `length`). */
  outputCut: boolean;
}

/** The arguments of a call, or words that tell the model what to write differently. */
export type ParsedToolArguments =
  | { ok: true; value: JsonObject; repaired: boolean }
  | { ok: false; reason: string };

const longestRepaired = 1_000_000;

/**
 * Reads the arguments that a model wrote. Valid JSON is taken as it is. A text with slips of the pen (quotes, commas,
 * fences, raw line breaks) is mended, but only where mending changes nothing but structure: nothing is invented, and a
 * text that stops in the middle of a value is refused, never executed in part.
 */
export function parseToolArguments(text: string, facts: ToolCallFacts): ParsedToolArguments {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === 'null') return parseNothing(facts);
  const parsed = tryParse(trimmed);
  if (parsed !== undefined) return acceptValue(parsed, false);
  const inner = stripFence(trimmed);
  const fault = describeFault(inner);
  const openEnd = findOpenEnd(inner);
  if (openEnd !== undefined && (facts.outputCut || openEnd.cutValue)) {
    return refuse(`they are cut off after ${inner.length} characters: ${fault}${cutAdvice(facts)}`);
  }
  const value = repair(inner);
  return value === undefined ? refuse(`they are not valid JSON: ${fault}`) : acceptValue(value, true);
}

/** Names of the required arguments in a JSON Schema. */
export function requiredArguments(inputSchema: JsonObject): string[] {
  const { required } = inputSchema;
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
}

function parseNothing({ required }: ToolCallFacts): ParsedToolArguments {
  if (required.length === 0) return { ok: true, value: {}, repaired: false };
  return refuse(`they are empty, but ${required.join(', ')} must be given`);
}

function acceptValue(value: JsonValue, repaired: boolean): ParsedToolArguments {
  if (isObject(value)) return { ok: true, value, repaired };
  const inner = typeof value === 'string' ? tryParse(value) : undefined;
  if (inner !== undefined && isObject(inner)) return { ok: true, value: inner, repaired: true };
  return refuse(`they are ${nameKind(value)}; write one JSON object such as {"name": "value"}`);
}

function repair(text: string): JsonValue | undefined {
  if (text.length > longestRepaired || hasDoubtfulEscape(text)) return undefined;
  let mended: string;
  try {
    mended = jsonrepair(text);
  } catch {
    return undefined; // Not mendable, or nested too deep for it.
  }
  return substance(mended) === substance(text) ? tryParse(mended) : undefined;
}

/** A backslash that escapes nothing, as in `C:\Users`: was it meant to stand for itself? */
function hasDoubtfulEscape(text: string): boolean {
  return /\\(?!["'/bfnrtu])/.test(text.replaceAll('\\\\', ''));
}

/** All of a text but structure, quotes and space: what a safe repair leaves alone. */
function substance(text: string): string {
  return text
    .replaceAll(/\\[nrtbf"'\\/]/g, '')
    .replaceAll(/\bNone\b/g, 'null')
    .replaceAll(/\b(?:True|False)\b/g, (word) => word.toLowerCase())
    .replaceAll(/[{}[\]:,"'`\s]/g, '');
}

function stripFence(text: string): string {
  return /^```(?:json)?\s*\n?([\s\S]*?)\n?```$/i.exec(text)?.[1]?.trim() ?? text;
}

function describeFault(text: string): string {
  const fault = findJsonFault(text);
  if (fault === undefined) return 'the text is not JSON';
  const found = text[fault.position];
  const name = found === undefined ? 'the end of the text' : JSON.stringify(found);
  return `at character ${fault.position}, found ${name}, expected ${fault.expected}`;
}

function cutAdvice({ outputCut }: ToolCallFacts): string {
  return outputCut ? '; the output limit was reached, so write the call again with shorter arguments' : '';
}

function tryParse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameKind(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return `a ${typeof value}`;
}

function refuse(reason: string): ParsedToolArguments {
  return { ok: false, reason };
}
