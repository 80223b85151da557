import {
  formatCursor,
  type Event,
  type MessageReset,
  type StreamCursor,
  type TextDelta,
} from '@batuta/contract';

/** Text of the unfinished message that builds on the log up to `afterSeq`. */
export interface PartialText {
  afterSeq: number;
  messageId: string;
  offset: number;
  text: string;
}

/** One thing to send to a client, with the client's place after it. */
export type StreamItem =
  | { cursor: StreamCursor; event: Event }
  | { cursor: StreamCursor; delta: TextDelta }
  | { cursor: StreamCursor; reset: MessageReset };

/** What became of a piece of text. */
export type PartialOutcome =
  | { outcome: 'taken'; items: StreamItem[] }
  /** It is older than what the client has. */
  | { outcome: 'stale' }
  /** Something before it is missing: events of the log, or text of the message. */
  | { outcome: 'gap' };

/**
 * One client's place in a stream and the rules by which events and pieces of unfinished messages become frames, so that
 * each character reaches the client exactly once, wherever it connected before.
 *
 * Places: *between messages* (`seq` only), or *inside a message* (`seq`, message, offset). A piece of text moves the place into
 * a message; `model-call-settled` sends what is missing of its text and moves it out. An event that ends the message
 * otherwise (the run ended, its worker was lost) or an answer under another id sends a reset first.
 */
export class StreamAssembler {
  #cursor: StreamCursor;

  constructor(cursor: StreamCursor) {
    this.#cursor = cursor;
  }

  /** Place of the client after all items so far. */
  get cursor(): StreamCursor {
    return this.#cursor;
  }

  /** Place of the client as it stands in an SSE id. */
  get cursorText(): string {
    return formatCursor(this.#cursor);
  }

  /** Takes the next event of the log. Contract: `event.seq` is the cursor's plus one; older ones give nothing. */
  event(event: Event): StreamItem[] {
    if (event.seq <= this.#cursor.seq) return [];
    const items = this.#beforeEvent(event);
    const inside = this.#cursor.messageId !== undefined && event.kind !== 'model-call-settled';
    this.#cursor = inside ? { ...this.#cursor, seq: event.seq } : { seq: event.seq };
    items.push({ cursor: this.#cursor, event });
    return items;
  }

  /** Takes a piece of the unfinished message. */
  partial(piece: PartialText): PartialOutcome {
    if (piece.afterSeq < this.#cursor.seq) return { outcome: 'stale' };
    if (piece.afterSeq > this.#cursor.seq) return { outcome: 'gap' };
    const have = this.#cursor.messageId === piece.messageId ? (this.#cursor.offset ?? 0) : 0;
    if (piece.offset > have) return { outcome: 'gap' };
    const items = this.#cursor.messageId === piece.messageId ? [] : this.#resetItems();
    return {
      outcome: 'taken',
      items: [...items, ...this.#deltaItems(piece.messageId, have, piece.text.slice(have - piece.offset))],
    };
  }

  /** The unfinished message was given up. */
  reset(messageId: string): StreamItem[] {
    return this.#cursor.messageId === messageId ? this.#resetItems() : [];
  }

  #beforeEvent(event: Event): StreamItem[] {
    if (event.kind === 'model-call-settled') return this.#rest(event.data);
    return endsMessage(event) ? this.#resetItems() : [];
  }

  #rest(answer: { message_id: string; parts: readonly { type: string; text?: string }[] }): StreamItem[] {
    const text = answer.parts.map((part) => (part.type === 'text' ? (part.text ?? '') : '')).join('');
    const same = this.#cursor.messageId === answer.message_id;
    const items = same ? [] : this.#resetItems();
    const have = same ? (this.#cursor.offset ?? 0) : 0;
    return [...items, ...this.#deltaItems(answer.message_id, have, text.slice(have))];
  }

  #deltaItems(messageId: string, offset: number, text: string): StreamItem[] {
    this.#cursor = { seq: this.#cursor.seq, messageId, offset: offset + text.length };
    return text === '' ? [] : [{ cursor: this.#cursor, delta: { message_id: messageId, offset, text } }];
  }

  #resetItems(): StreamItem[] {
    const { seq, messageId } = this.#cursor;
    if (messageId === undefined) return [];
    this.#cursor = { seq };
    return [{ cursor: this.#cursor, reset: { message_id: messageId } }];
  }
}

function endsMessage(event: Event): boolean {
  switch (event.kind) {
    case 'run-succeeded':
    case 'run-failed':
    case 'run-cancelled':
    case 'run-recovered':
    case 'run-suspended':
      return true;
    default:
      return false;
  }
}
