import { Redis } from 'ioredis';
import type { Bus, BusMessage } from '../../port/bus.ts';
import { makeSender, packEnvelopes, unpackEnvelope } from '../bus/envelope.ts';
import { Listeners } from '../bus/listeners.ts';
import { Outbox } from '../bus/outbox.ts';
import { reconnectPause } from '../bus/reconnect-pause.ts';

const channel = 'batuta';

/** Far below what Redis can carry: a batch is parsed at once by every process. */
const limitBytes = 256 * 1024;

const timeoutMs = 5000;

/** The bus over Redis: one connection that publishes, one that is subscribed. Both connect again by themselves. */
export class RedisBus implements Bus {
  readonly remote = true;
  readonly maxTextBytes = 64 * 1024;
  readonly #publisher: Redis;
  readonly #subscriber: Redis;
  readonly #self = makeSender();
  readonly #messages = new Listeners<BusMessage>();
  readonly #reconnects = new Listeners<void>();
  readonly #outbox = new Outbox((batch) => this.#send(batch));
  #hasStarted = false;
  #isWhole = false;

  private constructor(url: string) {
    this.#publisher = connection(url);
    this.#subscriber = connection(url);
    this.#subscriber.on('message', (_channel: string, text: string) => {
      for (const message of unpackEnvelope(text, this.#self)) this.#messages.call(message);
    });
    this.#subscriber.on('close', () => this.#lose());
    this.#publisher.on('close', () => this.#lose());
    this.#subscriber.on('ready', () => void this.#resume().catch(() => undefined));
    this.#publisher.on('ready', () => void this.#resume().catch(() => undefined));
  }

  /** Connects. Rejects when the first connection cannot be made. */
  static async connect(url: string): Promise<RedisBus> {
    const bus = new RedisBus(url);
    try {
      await Promise.all([bus.#publisher.connect(), bus.#subscriber.connect()]);
      await bus.#subscriber.subscribe(channel);
      bus.#hasStarted = true;
      bus.#isWhole = true;
    } catch (error) {
      bus.#disconnect();
      throw error;
    }
    return bus;
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

  async close(): Promise<void> {
    await this.#outbox.close();
    this.#disconnect();
  }

  #lose(): void {
    this.#isWhole = false;
  }

  /** Whole again when both connections stand and this end listens. */
  async #resume(): Promise<void> {
    if (!this.#hasStarted || this.#isWhole || !this.#isReady()) return;
    await this.#subscriber.subscribe(channel);
    if (this.#isWhole || !this.#isReady()) return;
    this.#isWhole = true;
    this.#reconnects.call();
  }

  #isReady(): boolean {
    return this.#publisher.status === 'ready' && this.#subscriber.status === 'ready';
  }

  #disconnect(): void {
    this.#publisher.disconnect();
    this.#subscriber.disconnect();
  }

  async #send(batch: readonly BusMessage[]): Promise<void> {
    if (this.#publisher.status !== 'ready') return;
    const payloads = packEnvelopes(this.#self, batch, limitBytes);
    await Promise.all(payloads.map((payload) => this.#publisher.publish(channel, payload)));
  }
}

function connection(url: string): Redis {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    // What cannot be sent now is lost: nobody waits for it.
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResubscribe: false,
    retryStrategy: reconnectPause,
  });
  // Errors of a connection are followed by a new one; without a listener they would end the process.
  redis.on('error', () => undefined);
  return redis;
}
