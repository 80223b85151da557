import { formatCursor, type AccessEndReason, type StreamCursor } from '@batuta/contract';
import type { StreamItem } from '../../domain/stream/assemble-stream.ts';
import type { Frame } from './frame.ts';

/** A stream item as a server-sent event. */
export function renderFrame(item: StreamItem): Frame {
  const id = formatCursor(item.cursor);
  if ('event' in item) return { id, event: item.event.kind, data: serialised(item.event) };
  if ('delta' in item) return { id, event: 'text-delta', data: JSON.stringify(item.delta) };
  return { id, event: 'message-reset', data: JSON.stringify(item.reset) };
}

/** The last frame of a stream that its client may no longer follow. Its cursor is the one that the client has. */
export function renderAccessEnded(reason: AccessEndReason, cursor: StreamCursor): Frame {
  return { id: formatCursor(cursor), event: 'access-ended', data: JSON.stringify({ reason }) };
}

const serialisedEvents = new WeakMap<object, string>();

/** An event goes to every follower in the same form: made once. */
function serialised(event: object): string {
  const known = serialisedEvents.get(event);
  if (known !== undefined) return known;
  const made = JSON.stringify(event);
  serialisedEvents.set(event, made);
  return made;
}
