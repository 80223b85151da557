/** Turns what the network brings into pieces that a parser has something of. May throw what is wrong with the stream. */
export interface PieceReader {
  /** What can be passed on so far; empty while nothing is complete. */
  push(chunk: Uint8Array): Uint8Array;
  /** What is left at the end of the stream. */
  end(): Uint8Array;
}

/** Passes everything on as it comes. */
export const plainPieces: PieceReader = {
  push: (chunk) => chunk,
  end: () => new Uint8Array(),
};
