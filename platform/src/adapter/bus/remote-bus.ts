import type { Bus, BusMessage } from '../../port/bus.ts';
import { makeSender, packEnvelopes, unpackEnvelope } from './envelope.ts';
import { Listeners } from './listeners.ts';
import { Outbox } from './outbox.ts';

/** What a bus to other processes is, whatever server carries it: what is published is gathered and packed, what arrives is told. */
export abstract class RemoteBus implements Bus {
  readonly remote = true;
  abstract readonly maxTextBytes: number;
  readonly #self = makeSender();
  readonly #messages = new Listeners<BusMessage>();
  readonly #reconnects = new Listeners<void>();
  readonly #outbox: Outbox;

  /** `limitBytes`: of what the server carries at once. */
  constructor(limitBytes: number) {
    this.#outbox = new Outbox(async (batch) => {
      const payloads = packEnvelopes(this.#self, batch, limitBytes);
      if (payloads.length > 0) await this.send(payloads);
    });
  }

  publish(message: BusMessage): void {
    this.#outbox.put(message);
  }

  subscribe(handler: (message: BusMessage) => void): () => void {
    return this.#messages.add(handler);
  }

  onReconnect(handler: () => void): () => void {
    return this.#reconnects.add(handler);
  }

  /** Sends what waits, then lets go of the server. */
  async close(): Promise<void> {
    await this.#outbox.close();
    await this.disconnect();
  }

  /** Hands payloads to the server. Contract: rejects when they may not have arrived; without a connection they are lost. */
  protected abstract send(payloads: readonly string[]): Promise<void>;

  protected abstract disconnect(): Promise<void>;

  /** Tells what a payload of another process holds. */
  protected receive(payload: string): void {
    for (const message of unpackEnvelope(payload, this.#self)) this.#messages.call(message);
  }

  /** Followers look for what they may have missed. */
  protected reconnected(): void {
    this.#reconnects.call();
  }
}
