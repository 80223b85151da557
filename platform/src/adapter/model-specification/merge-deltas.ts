import type { JsonObject } from '@batuta/contract';
import { foldChat, growthOf, readChatChunk, type ChatChunk } from './fold-chat.ts';
import type { PieceReader } from './piece-reader.ts';
import { readData, readDelta, type Delta } from './read-delta.ts';

const nothing = Buffer.alloc(0);
const separator = '\n\n';
/** Once an event is larger than this, or ends its lines otherwise, all is passed on as it comes. */
const largestEvent = 1_048_576;
const decoder = new TextDecoder();

const carriageReturn = 13;
/** A line of an event stream: a field that it knows, or a comment. */
const field = /^(?:data|event|id|retry)?:/;

/**
 * Merges deltas that arrive together: 200 tokens in one network chunk become one event of 200 tokens. Provider packages
 * spend most of their time per event (a schema check and five stream hops), so this is where a fast stream costs
 * least. Nothing is ever held back but the bytes of an incomplete event, which no parser could use either.
 *
 * It also sees what event stream parsers must ignore: a line that is no field. There it means that bytes were damaged, and
 * the text that they carried would be missing without a trace. Such an event becomes data that is no JSON, which every
 * provider package reports.
 */
export function createDeltaMerger(): PieceReader {
  let rest: Buffer = nothing;
  let isForeign = false;
  return {
    push(chunk) {
      const bytes = rest.length === 0 ? asBuffer(chunk) : Buffer.concat([rest, chunk]);
      isForeign ||= bytes.includes(carriageReturn) || bytes.length > largestEvent;
      const end = isForeign ? bytes.length : bytes.lastIndexOf(separator) + 1;
      if (end === 0) {
        rest = bytes;
        return nothing;
      }
      const cut = isForeign ? end : end + 1;
      rest = bytes.subarray(cut);
      return isForeign ? bytes : mergeEvents(bytes.subarray(0, cut));
    },
    end() {
      const left = rest;
      rest = nothing;
      return left;
    },
  };
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

function mergeEvents(bytes: Buffer): Buffer {
  const events = decoder
    .decode(bytes)
    .split(separator)
    .filter((event) => event !== '');
  if (events.length === 1 && !isDamaged(events[0] ?? '')) return bytes;
  const merging: Merging = { output: '', open: undefined };
  for (const event of events) takeEvent(merging, event);
  close(merging);
  return Buffer.from(merging.output);
}

/** What was merged so far, and the event that may still grow. */
interface Merging {
  output: string;
  open: OpenEvent | undefined;
}

/** An event to which the following ones are added. */
interface OpenEvent {
  event: string;
  value: JsonObject;
  chat: ChatChunk | undefined;
  merged: boolean;
  end: GrowingEnd | undefined;
}

/** The text at which an event grows, and what stood around it in the event that was added last. */
interface GrowingEnd {
  kind: string;
  append: (text: string) => void;
  prefix: string;
  suffix: string;
}

function takeEvent(merging: Merging, event: string): void {
  if (appendFramed(merging.open, event)) return;
  const read = readEvent(event);
  if (merging.open !== undefined && read !== undefined && grow(merging.open, read)) return;
  close(merging);
  merging.open = read && openEvent(read);
  if (merging.open !== undefined) return;
  merging.output += (isDamaged(event) ? 'data: damaged bytes' : event) + separator;
}

function readEvent(event: string): ReadEvent | undefined {
  const value = readData(event);
  return value && { event, value, delta: readDelta(value) };
}

/** An event as it was read. */
interface ReadEvent {
  event: string;
  value: JsonObject;
  delta: Delta | undefined;
}

/** Undefined where nothing can be added to an event. */
function openEvent({ event, value, delta }: ReadEvent): OpenEvent | undefined {
  const chat = readChatChunk(value);
  if (delta === undefined && chat === undefined) return undefined;
  return { event, value, chat, merged: false, end: delta && endOf(event, delta) };
}

function appendFramed(open: OpenEvent | undefined, event: string): boolean {
  const text = open?.end && readByFrame(open.end, event);
  if (open === undefined || text === undefined) return false;
  append(open, text);
  return true;
}

function append(open: OpenEvent, text: string): void {
  open.end?.append(text);
  open.merged = true;
}

/** Adds an event to the open one; false when it must stand by itself. */
function grow(open: OpenEvent, { event, value, delta }: ReadEvent): boolean {
  if (delta !== undefined && delta.kind === open.end?.kind) {
    append(open, delta.text);
    // The first event of a text often says more than the others (the role): those that follow look like this one.
    Object.assign(open.end, frameOf(event, delta));
    return true;
  }
  const more = open.chat && readChatChunk(value);
  if (open.chat === undefined || more === undefined || !foldChat(open.chat, more)) return false;
  open.merged = true;
  open.end = delta && { ...endOf(event, delta), append: growthOf(open.chat, delta.field) };
  return true;
}

function endOf(event: string, delta: Delta): GrowingEnd {
  return { kind: delta.kind, append: delta.append, ...frameOf(event, delta) };
}

function close(merging: Merging): void {
  const { open } = merging;
  if (open === undefined) return;
  merging.output += open.merged ? writeEvent(open.event, open.value) : open.event + separator;
  merging.open = undefined;
}

/** What stands around the text of an event; empty where it cannot be found, for it may be escaped in another way. */
function frameOf(event: string, { field: name, text }: Delta): { prefix: string; suffix: string } {
  const literal = JSON.stringify(text);
  for (const start of [`"${name}":`, `"${name}": `]) {
    const at = event.lastIndexOf(start + literal);
    if (at < 0) continue;
    const begin = at + start.length;
    return { prefix: event.slice(0, begin + 1), suffix: event.slice(begin + literal.length - 1) };
  }
  return { prefix: '', suffix: '' };
}

/** The text of an event that differs from the open one in nothing else: found without parsing its JSON. */
function readByFrame({ prefix, suffix }: GrowingEnd, event: string): string | undefined {
  const end = event.length - suffix.length;
  // Comparing slices is several times as fast as `startsWith` and `endsWith`.
  if (prefix === '' || event.slice(0, prefix.length) !== prefix || event.slice(end) !== suffix)
    return undefined;
  const text = end < prefix.length ? '"' : event.slice(prefix.length, end);
  return text.includes('"') || text.includes('\\') ? undefined : text;
}

function isDamaged(event: string): boolean {
  return event.split('\n').some((line) => line !== '' && !field.test(line));
}

function writeEvent(event: string, value: JsonObject): string {
  return `${event.slice(0, event.indexOf('data:'))}data: ${JSON.stringify(value)}${separator}`;
}
