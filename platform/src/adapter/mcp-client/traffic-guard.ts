/** Messages that answer nothing, and lines that are no messages, that a server may send in one period. */
const mostPerPeriod = 2_000;
const periodMs = 10_000;

/** Tells when a server sends so much that it must be cut off. Answers do not count: each was asked for. */
export class TrafficGuard {
  readonly #now: () => number;
  #periodBegan: number;
  #count = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#periodBegan = now();
  }

  /** Counts one message; false when it is one too many. */
  admit(): boolean {
    const now = this.#now();
    if (now - this.#periodBegan > periodMs) {
      this.#periodBegan = now;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count <= mostPerPeriod;
  }
}
