import { Redis } from 'ioredis';
import { reconnectPause } from '../bus/reconnect-pause.ts';
import { RemoteBus } from '../bus/remote-bus.ts';

const channel = 'batuta';

/** Far below what Redis can carry: a batch is parsed at once by every process. */
const limitBytes = 256 * 1024;

const timeoutMs = 5000;

/** The bus over Redis: one connection that publishes, one that is subscribed. Both connect again by themselves. */
export class RedisBus extends RemoteBus {
  readonly maxTextBytes = 64 * 1024;
  readonly #publisher: Redis;
  readonly #subscriber: Redis;
  #hasStarted = false;
  #isWhole = false;

  private constructor(url: string) {
    super(limitBytes);
    this.#publisher = connection(url);
    this.#subscriber = connection(url);
    this.#subscriber.on('message', (_channel: string, text: string) => this.receive(text));
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
      await bus.disconnect();
      throw error;
    }
    return bus;
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
    this.reconnected();
  }

  #isReady(): boolean {
    return this.#publisher.status === 'ready' && this.#subscriber.status === 'ready';
  }

  protected async disconnect(): Promise<void> {
    this.#publisher.disconnect();
    this.#subscriber.disconnect();
  }

  protected async send(payloads: readonly string[]): Promise<void> {
    if (this.#publisher.status !== 'ready') return;
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
