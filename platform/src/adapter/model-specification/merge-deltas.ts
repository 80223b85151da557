import { readDelta, type Delta } from './read-delta.ts';

/** Merges what one network chunk brought. */
export interface DeltaMerger {
  /** The complete events so far, fewer and with the same content; empty while an event is incomplete. */
  push(chunk: Uint8Array): Uint8Array;
  /** What is left at the end of the stream. */
  end(): Uint8Array;
}

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
export function createDeltaMerger(): DeltaMerger {
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
  closeDelta(merging);
  return Buffer.from(merging.output);
}

/** What was merged so far, and the delta that may still grow. */
interface Merging {
  output: string;
  open: OpenDelta | undefined;
}

function takeEvent(merging: Merging, event: string): void {
  const { open } = merging;
  const framed = open && readByFrame(open, event);
  const delta = framed === undefined ? readDelta(event) : undefined;
  const text = delta !== undefined && delta.kind === open?.delta.kind ? delta.text : framed;
  if (open !== undefined && text !== undefined) {
    open.delta.append(text);
    open.merged = true;
    return;
  }
  closeDelta(merging);
  if (delta === undefined) merging.output += (isDamaged(event) ? 'data: damaged bytes' : event) + separator;
  else merging.open = { event, delta, merged: false, ...frameOf(event, delta) };
}

function closeDelta(merging: Merging): void {
  const { open } = merging;
  if (open === undefined) return;
  merging.output += open.merged ? writeEvent(open.event, open.delta) : open.event + separator;
  merging.open = undefined;
}

/** A delta to which the following ones are added. `prefix` and `suffix` are its event around the text. */
interface OpenDelta {
  event: string;
  delta: Delta;
  merged: boolean;
  prefix: string;
  suffix: string;
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
function readByFrame({ prefix, suffix }: OpenDelta, event: string): string | undefined {
  if (prefix === '' || !event.startsWith(prefix) || !event.endsWith(suffix)) return undefined;
  const end = event.length - suffix.length;
  const text = end < prefix.length ? '"' : event.slice(prefix.length, end);
  return text.includes('"') || text.includes('\\') ? undefined : text;
}

function isDamaged(event: string): boolean {
  return event.split('\n').some((line) => line !== '' && !field.test(line));
}

function writeEvent(event: string, delta: Delta): string {
  return `${event.slice(0, event.indexOf('data:'))}data: ${JSON.stringify(delta.value)}${separator}`;
}
