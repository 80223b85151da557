import type { BusMessage } from '../../port/bus.ts';

/** Longest time that a message waits for others to be sent with it. */
const gatherMs = 2;

/** Messages kept while they cannot be sent; the oldest are lost first. */
const capacity = 10_000;

/** How an outbox sends. Contract: rejects when the messages may not have arrived. */
export type Send = (batch: readonly BusMessage[]) => Promise<void>;

/**
 * Gathers what is published within a moment and sends it together, one batch after the other.
 *
 * - empty: nothing waits
 * - gathering: messages wait for at most 2 ms
 * - sending: a batch is on its way; what is published meanwhile is sent when it has arrived, or failed (and is lost)
 * - closed: publishing does nothing
 */
export class Outbox {
  readonly #send: Send;
  #waiting: BusMessage[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #isClosed = false;

  constructor(send: Send) {
    this.#send = send;
  }

  put(message: BusMessage): void {
    if (this.#isClosed) return;
    if (this.#waiting.length >= capacity) this.#waiting.shift();
    this.#waiting.push(message);
    if (!this.#sending) this.#timer ??= setTimeout(() => this.#flush(), gatherMs);
  }

  /** Sends what waits and takes no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#sending;
    this.#flush();
    await this.#sending;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const batch = this.#waiting;
    this.#waiting = [];
    // A lost message only makes something happen later: nothing is done about it.
    this.#sending = this.#send(batch)
      .catch(() => undefined)
      .then(() => {
        this.#sending = undefined;
        if (!this.#isClosed) this.#flush();
      });
  }
}
