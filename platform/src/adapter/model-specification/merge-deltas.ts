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
/** An event larger than this is passed on in pieces, unmerged. */
const largestEvent = 1_048_576;
const decoder = new TextDecoder();

/**
 * Merges deltas that arrive together: 200 tokens in one network chunk become one event of 200 tokens. Provider packages
 * spend most of their time per event (a schema check and five stream hops), so this is where a fast stream costs
 * least. A chunk with a single event, the usual case of a slow stream, passes untouched. Nothing is ever held back but
 * the bytes of an incomplete event, which no parser could use either.
 */
export function createDeltaMerger(): DeltaMerger {
  let rest: Buffer = nothing;
  return {
    push(chunk) {
      const bytes = rest.length === 0 ? asBuffer(chunk) : Buffer.concat([rest, chunk]);
      const last = bytes.lastIndexOf(separator);
      if (last < 0 && bytes.length <= largestEvent) {
        rest = bytes;
        return nothing;
      }
      const end = last < 0 ? bytes.length : last + separator.length;
      rest = bytes.subarray(end);
      const events = bytes.subarray(0, end);
      return events.indexOf(separator) === last ? events : mergeEvents(events);
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
  let output = '';
  let open: { event: string; delta: Delta; merged: boolean } | undefined;
  const close = (): void => {
    if (open !== undefined)
      output += open.merged ? writeEvent(open.event, open.delta) : open.event + separator;
    open = undefined;
  };
  for (const event of decoder.decode(bytes).split(separator)) {
    if (event === '') continue;
    const delta = readDelta(event);
    if (delta !== undefined && open !== undefined && delta.kind === open.delta.kind) {
      open.delta.append(delta.text);
      open.merged = true;
      continue;
    }
    close();
    if (delta === undefined) output += event + separator;
    else open = { event, delta, merged: false };
  }
  close();
  return Buffer.from(output);
}

function writeEvent(event: string, delta: Delta): string {
  return `${event.slice(0, event.indexOf('data:'))}data: ${JSON.stringify(delta.value)}${separator}`;
}
