import type { Clock } from '../../port/clock.ts';
import type { SocketLimits } from './socket-limits.ts';
import { SocketPace } from './socket-pace.ts';

/** What came in one frame. */
export interface Incoming {
  data: Buffer;
  isBinary: boolean;
}

interface InboxParts {
  clock: Clock;
  limits: Pick<SocketLimits, 'messagesPerSecond' | 'bytesPerSecond'>;
  /** Takes one message. What it throws ends the connection. */
  handle: (message: Incoming) => void | Promise<void>;
  failed: (error: unknown) => void;
  /** Stops and goes on reading from the network: what is not read waits at the client. */
  pause: () => void;
  resume: () => void;
}

/**
 * Messages of one client, handled one after the other and no faster than allowed. While one is being handled, or the pace asks for a wait,
 * nothing is read from the network, so that only what had come in the same piece is kept.
 */
export class SocketInbox {
  readonly #parts: InboxParts;
  readonly #pace: SocketPace;
  readonly #ending = new AbortController();
  readonly #waiting: Incoming[] = [];
  #isBusy = false;

  constructor(parts: InboxParts) {
    this.#parts = parts;
    this.#pace = new SocketPace(parts.limits, parts.clock.monotonic());
  }

  take(message: Incoming): void {
    if (this.#ending.signal.aborted) return;
    this.#waiting.push(message);
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#parts.pause();
    void this.#work();
  }

  /** No further message is handled. */
  end(): void {
    this.#ending.abort();
    this.#waiting.length = 0;
  }

  async #work(): Promise<void> {
    const { clock, handle, failed, resume } = this.#parts;
    const { signal } = this.#ending;
    try {
      for (let next = this.#waiting.shift(); next && !signal.aborted; next = this.#waiting.shift()) {
        await handle(next);
        const ms = this.#pace.take(next.data.byteLength, clock.monotonic());
        if (ms > 0) await clock.sleep(ms, signal);
      }
    } catch (error) {
      failed(error);
    }
    this.#isBusy = false;
    resume();
  }
}
