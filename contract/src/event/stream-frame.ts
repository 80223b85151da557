import { z } from 'zod';
import { messageIdSchema } from '../id.ts';

/**
 * What a stream carries besides events: pieces of a message that is not finished and therefore not in the log.
 *
 * Every frame of a stream has an SSE `id`, its cursor: `<seq>` after an event, `<seq>:<message_id>:<offset>` inside a
 * message that builds on the log up to `seq`. A client that sends the last cursor back as `Last-Event-ID` (or `?after=`)
 * receives what follows it. Offsets count UTF-16 code units of the message's text.
 *
 * A client that only concatenates `text-delta` (and drops a message's text at `message-reset`) has exactly the text of the
 * log: before a `model-call-settled` the stream sends whatever text of that message the client does not have.
 */
export const textDeltaSchema = z.strictObject({
  message_id: messageIdSchema,
  offset: z.int().nonnegative(),
  text: z.string(),
});
/** A piece of text of a message that is being written. */
export type TextDelta = z.infer<typeof textDeltaSchema>;

/** The unfinished message was given up (its model failed, its worker died): drop its text. */
export const messageResetSchema = z.strictObject({ message_id: messageIdSchema });
/** Word that an unfinished message was given up. */
export type MessageReset = z.infer<typeof messageResetSchema>;

/** Why somebody may no longer follow what they were let in to. */
export const accessEndReasons = [
  'key-revoked',
  'key-expired',
  'token-expired',
  'signed-out',
  'user-disabled',
  'user-deleted',
  'tenant-disabled',
  'rights-reduced',
] as const;
/** Accepts why somebody may no longer follow. */
export const accessEndReasonSchema = z.enum(accessEndReasons);
/** Why somebody may no longer follow what they were let in to. */
export type AccessEndReason = z.infer<typeof accessEndReasonSchema>;

/**
 * The last frame of a stream, `access-ended`: what it was opened with is over, or allows less than before. A stream that ends without it and
 * without the end of its run was cut, and can be opened again. After `rights-reduced` that can be tried, too: what is still allowed goes on.
 */
export const accessEndedSchema = z.strictObject({ reason: accessEndReasonSchema });
/** Word that somebody may no longer follow. */
export type AccessEnded = z.infer<typeof accessEndedSchema>;

/** Place in a stream: after event `seq`, and inside the unfinished message that follows it, if any. */
export interface StreamCursor {
  seq: number;
  messageId?: string;
  offset?: number;
}

const cursorPattern = /^(\d{1,15})(?::(msg_[0-9a-z]{26}):(\d{1,12}))?$/;

/** Reads a cursor; undefined when the text is not one. */
export function parseCursor(text: string): StreamCursor | undefined {
  const match = cursorPattern.exec(text);
  if (!match) return undefined;
  const seq = Number(match[1]);
  return match[2] === undefined ? { seq } : { seq, messageId: match[2], offset: Number(match[3]) };
}

/** Writes a cursor as it stands in an SSE `id`. */
export function formatCursor(cursor: StreamCursor): string {
  return cursor.messageId === undefined
    ? String(cursor.seq)
    : `${cursor.seq}:${cursor.messageId}:${cursor.offset ?? 0}`;
}
