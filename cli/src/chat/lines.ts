/** What a conversation asks for lines that a person types or a pipe delivers. */
export interface Lines {
  /** Whether a person types them. */
  readonly interactive: boolean;
  /** Shows that a line is wanted, and where to type it. */
  show(prompt: string): void;
  /** No line is wanted now; a person may type one nevertheless. */
  hide(): void;
  /** The next line; undefined at the end of the input, or when the signal fires before there is one. */
  next(signal: AbortSignal): Promise<string | undefined>;
  /** Whether no line will come any more. */
  readonly ended: boolean;
  close(): void;
}

/** Lines that have come and were not yet taken, and whoever waits for one. */
export class LineQueue {
  #lines: string[] = [];
  #ended = false;
  #changed = Promise.withResolvers<void>();

  push(line: string): void {
    this.#lines.push(line);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  get ended(): boolean {
    return this.#ended && this.#lines.length === 0;
  }

  async next(signal: AbortSignal): Promise<string | undefined> {
    const wake = (): void => this.#wake();
    signal.addEventListener('abort', wake);
    try {
      while (this.#lines.length === 0 && !this.#ended && !signal.aborted) await this.#changed.promise;
      return signal.aborted ? undefined : this.#lines.shift();
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  #wake(): void {
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    resolve();
  }
}
