import type { JsonObject, JsonValue } from '@batuta/contract';

/** What a chunk of Chat Completions may carry and still be joined with others; anything else keeps it apart. */
const chunkFields: ReadonlySet<string> = new Set([
  'id',
  'object',
  'created',
  'model',
  'system_fingerprint',
  'service_tier',
  'obfuscation',
  'choices',
  'usage',
]);
const choiceFields: ReadonlySet<string> = new Set(['index', 'delta', 'finish_reason']);
const deltaFields: ReadonlySet<string> = new Set([
  'role',
  'content',
  'reasoning_content',
  'reasoning',
  'tool_calls',
]);
const callFields: ReadonlySet<string> = new Set(['index', 'id', 'type', 'function']);
const functionFields: ReadonlySet<string> = new Set(['name', 'arguments']);

/** The order in which provider packages read the parts of one chunk: what comes later in a stream may stand later in a chunk. */
const order = ['reasoning', 'content', 'calls', 'finish', 'usage'] as const;

/** A plain chunk taken apart. */
export interface ChatChunk {
  value: JsonObject;
  choice: JsonObject | undefined;
  delta: JsonObject | undefined;
  calls: JsonObject[];
  first: number;
  last: number;
}

/** Takes a chunk of Chat Completions apart; undefined for everything else, and for chunks that carry more than the usual. */
export function readChatChunk(value: JsonObject): ChatChunk | undefined {
  const { choices } = value;
  if (!Array.isArray(choices) || choices.length > 1 || !isPlain(value, chunkFields)) return undefined;
  const [choice] = choices;
  if (choice === undefined) return placed({ value, choice, delta: undefined, calls: [] });
  return isObject(choice) && isPlain(choice, choiceFields) ? readChoice(value, choice) : undefined;
}

function readChoice(value: JsonObject, choice: JsonObject): ChatChunk | undefined {
  const { delta = {} } = choice;
  if (!isObject(delta) || !isPlain(delta, deltaFields) || !hasPlainTexts(delta)) return undefined;
  const calls = readCalls(delta['tool_calls']);
  return calls && placed({ value, choice, delta, calls });
}

/**
 * Adds a chunk to the one before it, if a reader of the joined chunk learns the same in the same order. The chunks of an answer
 * that came at once become one, or two where it calls a tool.
 */
export function foldChat(into: ChatChunk, more: ChatChunk): boolean {
  if (!mayFollow(into, more) || !followCalls(into.calls, more.calls)) return false;
  if (into.delta !== undefined && more.delta !== undefined) foldDelta(into.delta, more.delta);
  foldCalls(into, more.calls);
  foldEnd(into, more);
  into.last = Math.max(into.last, more.last);
  return true;
}

function mayFollow(into: ChatChunk, more: ChatChunk): boolean {
  const isSecondEnd = into.last >= order.indexOf('finish') && more.first === into.last;
  return more.first >= into.last && !isSecondEnd && isSameChoice(into, more);
}

/** A chunk without a choice may come after one with it, not before. */
function isSameChoice({ choice: one }: ChatChunk, { choice: other }: ChatChunk): boolean {
  return other === undefined || (one !== undefined && one['index'] === other['index']);
}

function foldEnd(into: ChatChunk, more: ChatChunk): void {
  const reason = more.choice?.['finish_reason'];
  const { usage } = more.value;
  if (into.choice !== undefined && hasValue(reason)) into.choice['finish_reason'] = reason;
  if (hasValue(usage)) into.value['usage'] = usage;
}

function placed(chunk: Omit<ChatChunk, 'first' | 'last'>): ChatChunk {
  const { value, choice, delta = {}, calls } = chunk;
  const present = [
    ['reasoning_content', 'reasoning'].some((field) => isText(delta[field])),
    isText(delta['content']),
    calls.length > 0,
    hasValue(choice?.['finish_reason']),
    hasValue(value['usage']),
  ];
  const first = present.indexOf(true);
  return { ...chunk, first: first < 0 ? order.length : first, last: Math.max(0, present.lastIndexOf(true)) };
}

function foldDelta(into: JsonObject, more: JsonObject): void {
  for (const field of ['role', 'reasoning_content', 'reasoning', 'content'] as const) {
    const text = more[field];
    if (!isText(text)) continue;
    if (field === 'role') into[field] = text;
    else appendTo(into, field, text);
  }
}

/**
 * Pieces of the last call go on with it; a call of its own comes after all others. A call's first piece stays as it is: some
 * packages do not pass on arguments that come with the name, unless they are complete.
 */
function followCalls(into: readonly JsonObject[], more: readonly JsonObject[]): boolean {
  const [call] = more;
  const last = into.at(-1);
  if (call === undefined || last === undefined) return true;
  if (Number(call['index']) > Number(last['index'])) return !isContinuation(last);
  return more.length === 1 && call['index'] === last['index'] && isContinuation(call) && isContinuation(last);
}

function foldCalls(into: ChatChunk, more: readonly JsonObject[]): void {
  if (into.delta === undefined || more.length === 0) return;
  for (const call of more) {
    const last = into.calls.at(-1);
    if (last !== undefined && last['index'] === call['index']) appendArguments(last, call);
    else into.calls.push(call);
  }
  into.delta['tool_calls'] = into.calls;
}

/** How text is added to the field of a joined chunk that grows: its content, its thoughts, or the arguments of its last call. */
export function growthOf({ delta, calls }: ChatChunk, field: string): (text: string) => void {
  const holder = field === 'arguments' ? calls.at(-1)?.['function'] : delta;
  return (text) => {
    if (isObject(holder)) appendTo(holder, field, text);
  };
}

function appendArguments({ function: called }: JsonObject, { function: piece }: JsonObject): void {
  if (isObject(called) && isObject(piece) && isText(piece['arguments']))
    appendTo(called, 'arguments', piece['arguments']);
}

function appendTo(holder: JsonObject, field: string, text: string): void {
  const before = holder[field];
  holder[field] = isText(before) ? before + text : text;
}

function isContinuation(call: JsonObject): boolean {
  const { function: called } = call;
  return !hasValue(call['id']) && isObject(called) && !hasValue(called['name']);
}

function readCalls(calls: JsonValue | undefined): JsonObject[] | undefined {
  if (!hasValue(calls)) return [];
  if (!Array.isArray(calls)) return undefined;
  const plain = calls.filter((call) => isObject(call)).filter(isPlainCall);
  return plain.length === calls.length ? plain : undefined;
}

function isPlainCall(call: JsonObject): boolean {
  const { index, function: called } = call;
  if (typeof index !== 'number' || !isPlain(call, callFields)) return false;
  return isObject(called) && isPlain(called, functionFields) && typeof called['arguments'] !== 'object';
}

function hasPlainTexts(delta: JsonObject): boolean {
  return ['content', 'reasoning_content', 'reasoning'].every(
    (field) => !hasValue(delta[field]) || typeof delta[field] === 'string',
  );
}

function isPlain(value: JsonObject, fields: ReadonlySet<string>): boolean {
  for (const name in value) if (!fields.has(name) && hasValue(value[name])) return false;
  return true;
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

function hasValue(value: JsonValue | undefined): value is NonNullable<JsonValue> {
  return value !== undefined && value !== null;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
