/** Room before the middle of an answer for its opening, and after it for its closing. */
const room = 2048;

/** How many buffers of one answer are kept for the next requests. */
const most = 64;

/**
 * The bytes of an answer that is sent at once, ready but for its id, its opening and its closing. The buffers are used
 * again, because a new one of 50 kB for each request costs more than all the rest of it.
 *
 * A buffer is free, or belongs to one response until that has been handed to the system. One whose client left is not
 * used again: the socket may still hold it.
 */
export class AnswerBuffer {
  readonly #parts: readonly string[];
  readonly #free: Buffer[] = [];
  #layout: Layout | undefined;

  /** `parts` are the pieces of the middle between the holes for the id. */
  constructor(parts: readonly string[]) {
    this.#parts = parts;
  }

  /** The whole answer. */
  take(id: string, opening: string, closing: string): TakenBuffer {
    const openingBytes = Buffer.byteLength(opening);
    const { holes, idLength, length } = this.#measure(id);
    if (openingBytes > room || Buffer.byteLength(closing) > room || id.length !== idLength) {
      return { bytes: Buffer.from(opening + this.#parts.join(id) + closing), release: () => {} };
    }
    const buffer = this.#free.pop() ?? this.#make(id);
    fill(buffer, holes, id);
    buffer.write(opening, room - openingBytes);
    const end = room + length + buffer.write(closing, room + length);
    return {
      bytes: buffer.subarray(room - openingBytes, end),
      release: (response) => this.#release(buffer, response),
    };
  }

  #release(buffer: Buffer, response: ClosedResponse): void {
    if (response.writableFinished && this.#free.length < most) this.#free.push(buffer);
  }

  #make(id: string): Buffer {
    const buffer = Buffer.allocUnsafe(room + this.#measure(id).length + room);
    buffer.write(this.#parts.join(id), room);
    return buffer;
  }

  #measure(id: string): Layout {
    if (this.#layout !== undefined) return this.#layout;
    const holes: number[] = [];
    let length = 0;
    for (const [index, part] of this.#parts.entries()) {
      if (index > 0) {
        holes.push(room + length);
        length += id.length;
      }
      length += Buffer.byteLength(part);
    }
    this.#layout = { length, holes, idLength: id.length };
    return this.#layout;
  }
}

/** Writes a short ASCII text at each place: a plain loop, because hundreds of calls of `write` cost ten times as much. */
function fill(buffer: Buffer, places: readonly number[], text: string): void {
  const bytes = Buffer.from(text, 'latin1');
  const size = bytes.length;
  for (const place of places) {
    for (let index = 0; index < size; index += 1) buffer[place + index] = bytes[index] ?? 0;
  }
}

/** Where the ids stand in a buffer, and how long the middle is with ids of this length. */
interface Layout {
  length: number;
  holes: number[];
  idLength: number;
}

/** What a response says when it has closed. */
export interface ClosedResponse {
  /** Whether all of it was handed to the system. */
  readonly writableFinished: boolean;
}

/** Bytes that belong to one response until they are released. */
export interface TakenBuffer {
  bytes: Uint8Array;
  /** Contract: called once, when the response has closed. */
  release: (response: ClosedResponse) => void;
}
