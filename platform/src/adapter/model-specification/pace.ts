/** Streams that are read as fast as they come. */
const freeStreams = 32;
const longestPauseMs = 100;

/**
 * How long a stream rests before it is read again. A piece of text costs the same whether it holds one token or ten, so a process
 * with many streams at once reads each of them less often, and gets more with each look: a tenth of a second still looks steady. A
 * process with few streams does not wait at all.
 */
export function pauseMs(openStreams: number): number {
  return openStreams <= freeStreams ? 0 : Math.min(longestPauseMs, Math.round(openStreams / 5));
}

/** Counts the streams that are open, and says how long each rests. */
export class StreamPace {
  #open = 0;

  get open(): number {
    return this.#open;
  }

  get pauseMs(): number {
    return pauseMs(this.#open);
  }

  enter(): void {
    this.#open += 1;
  }

  leave(): void {
    this.#open -= 1;
  }
}
