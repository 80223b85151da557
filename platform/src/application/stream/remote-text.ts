import type { PartialText } from '../../domain/stream/assemble-stream.ts';
import type { Bus } from '../../port/bus.ts';
import type { Clock } from '../../port/clock.ts';

/** Milliseconds for which text is gathered before it goes over the bus: each message there costs a transaction. */
const gatherMs = 40;

/** Gathers the text that other processes follow and sends it over the bus in pieces that fit. */
export class RemoteText {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #gathered = new Map<string, PartialText>();

  constructor(context: { bus: Bus; clock: Clock }) {
    this.#bus = context.bus;
    this.#clock = context.clock;
  }

  /** Adds text that follows what was gathered. */
  add(sessionId: string, piece: PartialText): void {
    const before = this.#gathered.get(sessionId);
    if (
      before &&
      before.messageId === piece.messageId &&
      before.offset + before.text.length === piece.offset
    ) {
      before.text += piece.text;
      return;
    }
    this.flush(sessionId);
    this.#gathered.set(sessionId, { ...piece });
    void this.#clock.sleep(gatherMs).then(() => this.flush(sessionId));
  }

  /** Forgets what was gathered. */
  drop(sessionId: string): void {
    this.#gathered.delete(sessionId);
  }

  /** Sends what was gathered. */
  flush(sessionId: string): void {
    const piece = this.#gathered.get(sessionId);
    if (!piece) return;
    this.#gathered.delete(sessionId);
    let { offset } = piece;
    for (const text of splitText(piece.text, this.#bus.maxTextBytes)) {
      const { afterSeq, messageId } = piece;
      this.#bus.publish({ kind: 'message-text', sessionId, afterSeq, messageId, offset, text });
      offset += text.length;
    }
  }
}

/** Cuts a text into pieces of at most `maxBytes` of UTF-8, never inside a surrogate pair. A UTF-16 unit takes at most 3 bytes. */
function* splitText(text: string, maxBytes: number): Generator<string> {
  const units = Math.max(2, Math.floor(maxBytes / 3));
  let start = 0;
  while (start < text.length) {
    let end = Math.min(text.length, start + units);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
    yield text.slice(start, end);
    start = end;
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
