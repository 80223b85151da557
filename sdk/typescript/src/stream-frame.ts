import type { Event, MessageReset, TextDelta } from '@batuta/contract';

/** One thing that a stream tells. `cursor` is the place after it, from which another stream can go on. */
export type StreamFrame =
  | { type: 'event'; cursor: string; event: Event }
  | { type: 'text-delta'; cursor: string; delta: TextDelta }
  | { type: 'message-reset'; cursor: string; reset: MessageReset };

/** Reads a frame. Its data is the server's word: it is not checked again. */
export function toFrame(item: { id: string; event: string; data: string }): StreamFrame {
  const { id: cursor, event: kind } = item;
  const data: unknown = JSON.parse(item.data);
  if (kind === 'text-delta') return { type: 'text-delta', cursor, delta: data as TextDelta };
  if (kind === 'message-reset') return { type: 'message-reset', cursor, reset: data as MessageReset };
  return { type: 'event', cursor, event: data as Event };
}
