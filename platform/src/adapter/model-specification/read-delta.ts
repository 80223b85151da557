import type { JsonObject, JsonValue } from '@batuta/contract';

/** An event that only adds text to something. */
export interface Delta {
  /** Events of the same kind add to the same thing. */
  kind: string;
  /** What it adds, and the name of the field that holds it. */
  text: string;
  field: string;
  /** Changes the value that the delta was read from. */
  append: (text: string) => void;
}

interface Place {
  kind: string;
  holder: JsonObject;
  field: string;
}

const dataLine = /^(?:event: ?[\w.]+\n)?data: ?(\{.*\})$/;

/** Fields of Chat Completions that are text and nothing else. */
const chatFields: ReadonlySet<string> = new Set(['content', 'reasoning_content', 'reasoning']);

const messagesFields: Readonly<Record<string, string>> = {
  text_delta: 'text',
  thinking_delta: 'thinking',
  input_json_delta: 'partial_json',
};

/** The JSON of an event that may be a delta, or a chunk of Chat Completions; undefined for every other. */
export function readData(event: string): JsonObject | undefined {
  const data = dataLine.exec(event)?.[1];
  return data !== undefined && (data.includes('delta') || data.includes('"choices"'))
    ? parse(data)
    : undefined;
}

/** Reads a value that is a pure text delta in one of the three streaming formats; undefined for every other. */
export function readDelta(value: JsonObject): Delta | undefined {
  const place = findPlace(value);
  if (place === undefined) return undefined;
  const { kind, holder, field } = place;
  const text = holder[field];
  if (typeof text !== 'string') return undefined;
  return { kind, text, field, append: (more) => void (holder[field] = nameOf(holder[field]) + more) };
}

function findPlace(value: JsonObject): Place | undefined {
  const { type } = value;
  if (type === 'content_block_delta') return placeInMessages(value);
  if (typeof type === 'string' && type.startsWith('response.')) return placeInResponses(value, type);
  return placeInChat(value);
}

/** Anthropic Messages: `{type, index, delta: {type: 'text_delta', text}}`. */
function placeInMessages({ index, delta }: JsonObject): Place | undefined {
  const field = isObject(delta) ? messagesFields[nameOf(delta['type'])] : undefined;
  if (!isObject(delta) || field === undefined || Object.keys(delta).length !== 2) return undefined;
  return { kind: `messages ${field} ${nameOf(index)}`, holder: delta, field };
}

/** OpenAI Responses: `{type: 'response.….delta', item_id, delta}`. */
function placeInResponses(value: JsonObject, type: string): Place | undefined {
  if (!/_(?:text|arguments)\.delta$/.test(type)) return undefined;
  const { item_id: item, content_index: content, summary_index: summary } = value;
  const kind = `${type} ${nameOf(item)} ${nameOf(content)} ${nameOf(summary)}`;
  return { kind, holder: value, field: 'delta' };
}

/** OpenAI Chat Completions: `{choices: [{index, delta: {content}, finish_reason: null}]}`. */
function placeInChat({ choices, usage }: JsonObject): Place | undefined {
  const choice = Array.isArray(choices) && choices.length === 1 ? choices[0] : undefined;
  if (!isObject(choice) || !isObject(choice['delta'])) return undefined;
  if (hasValue(usage) || hasValue(choice['finish_reason'])) return undefined;
  return placeInChatDelta(choice['delta'], nameOf(choice['index']));
}

function placeInChatDelta(delta: JsonObject, index: string): Place | undefined {
  const fields = Object.keys(delta).filter((name) => name !== 'role' && hasValue(delta[name]));
  const field = fields.length === 1 ? fields[0] : undefined;
  if (field === 'tool_calls') return placeInToolCall(delta['tool_calls']);
  if (field === undefined || !chatFields.has(field)) return undefined;
  return { kind: `chat ${field} ${index}`, holder: delta, field };
}

/** The first piece of a call names it; the following ones bring arguments only. */
function placeInToolCall(calls: JsonValue | undefined): Place | undefined {
  const call = Array.isArray(calls) && calls.length === 1 ? calls[0] : undefined;
  if (!isObject(call) || hasValue(call['id']) || !isObject(call['function'])) return undefined;
  const holder = call['function'];
  if (hasValue(holder['name'])) return undefined;
  return { kind: `chat arguments ${nameOf(call['index'])}`, holder, field: 'arguments' };
}

function nameOf(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : '';
}

function hasValue(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(data: string): JsonObject | undefined {
  try {
    const value: JsonValue = JSON.parse(data);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
