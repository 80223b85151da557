import type { SocketLimits } from './socket-limits.ts';

/** How fast a client may send: a second's worth at once, then no faster than the limits. */
export class SocketPace {
  readonly #limits: Pick<SocketLimits, 'messagesPerSecond' | 'bytesPerSecond'>;
  #messages: number;
  #bytes: number;
  #at: number;

  constructor(limits: Pick<SocketLimits, 'messagesPerSecond' | 'bytesPerSecond'>, now: number) {
    this.#limits = limits;
    this.#messages = limits.messagesPerSecond;
    this.#bytes = limits.bytesPerSecond;
    this.#at = now;
  }

  /** Takes one message into account. Gives how many milliseconds the next one has to wait. */
  take(bytes: number, now: number): number {
    const { messagesPerSecond, bytesPerSecond } = this.#limits;
    const seconds = (now - this.#at) / 1000;
    this.#at = now;
    this.#messages = Math.min(messagesPerSecond, this.#messages + seconds * messagesPerSecond) - 1;
    this.#bytes = Math.min(bytesPerSecond, this.#bytes + seconds * bytesPerSecond) - bytes;
    const owed = Math.max(0, -this.#messages / messagesPerSecond, -this.#bytes / bytesPerSecond);
    return Math.ceil(owed * 1000);
  }
}
