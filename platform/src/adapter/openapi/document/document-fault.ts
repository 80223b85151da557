/** Why a document or a part of it cannot be used. `place`: a JSON pointer, or `line 3`. */
export interface DocumentFault {
  place: string;
  reason: string;
}

/** Ends the reading of one part of a document; whoever reads the parts goes on with the next one. */
export class FaultyPart extends Error implements DocumentFault {
  readonly place: string;
  readonly reason: string;

  constructor(place: string, reason: string) {
    super(`${place}: ${reason}`);
    this.place = place;
    this.reason = reason;
  }
}
