/** Streams that are read as fast as they come. */
const freeStreams = 32;
const longestPauseMs = 50;

/**
 * How long a stream waits before it is read again. A piece of text costs the same whether it holds one token or ten, so a process
 * with many streams at once reads each of them less often, and gets more with each look: 50 ms are less than anybody sees. A process
 * with few streams does not wait at all.
 */
export function pauseMs(openStreams: number): number {
  return openStreams <= freeStreams ? 0 : Math.min(longestPauseMs, openStreams / 10);
}

/** Counts the streams that are open, and holds each back accordingly. */
export class StreamPace {
  #open = 0;

  get open(): number {
    return this.#open;
  }

  /** Passes chunks on, with a pause after each when there are many streams. What arrives meanwhile is the next chunk. */
  async *read(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
    this.#open += 1;
    try {
      for await (const chunk of chunks) {
        yield chunk;
        const pause = pauseMs(this.#open);
        if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      }
    } finally {
      this.#open -= 1;
    }
  }
}
