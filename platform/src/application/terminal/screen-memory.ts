/** The last of what a terminal has shown, never more than its bound. */
export class ScreenMemory {
  readonly #most: number;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #isCut = false;

  constructor(most: number) {
    this.#most = most;
  }

  add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#bytes += piece.byteLength;
    for (let first = this.#pieces[0]; first && this.#bytes > this.#most; first = this.#pieces[0])
      this.#drop(first);
  }

  /** From the beginning of a line on, where the beginning of all was lost. */
  read(): Buffer {
    const all = Buffer.concat(this.#pieces);
    return this.#isCut ? all.subarray(all.indexOf('\n') + 1) : all;
  }

  #drop(first: Uint8Array): void {
    const tooMany = this.#bytes - this.#most;
    this.#isCut = true;
    this.#bytes -= Math.min(tooMany, first.byteLength);
    if (first.byteLength <= tooMany) this.#pieces.shift();
    // A copy, so that the whole piece is not kept for a part of it.
    else this.#pieces[0] = Uint8Array.from(first.subarray(tooMany));
  }
}
