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
  let output = '';
  let open: { event: string; delta: Delta; merged: boolean } | undefined;
  const close = (): void => {
    if (open !== undefined)
      output += open.merged ? writeEvent(open.event, open.delta) : open.event + separator;
    open = undefined;
  };
  for (const event of events) {
    const delta = readDelta(event);
    if (delta !== undefined && open !== undefined && delta.kind === open.delta.kind) {
      open.delta.append(delta.text);
      open.merged = true;
      continue;
    }
    close();
    if (delta === undefined) output += (isDamaged(event) ? 'data: damaged bytes' : event) + separator;
    else open = { event, delta, merged: false };
  }
  close();
  return Buffer.from(output);
}

function isDamaged(event: string): boolean {
  return event.split('\n').some((line) => line !== '' && !field.test(line));
}

function writeEvent(event: string, delta: Delta): string {
  return `${event.slice(0, event.indexOf('data:'))}data: ${JSON.stringify(delta.value)}${separator}`;
}
