import { Client, escapeLiteral } from 'pg';
import { reconnectPause } from '../bus/reconnect-pause.ts';
import { RemoteBus } from '../bus/remote-bus.ts';

const channel = 'batuta';

/** PostgreSQL refuses a notification of 8,000 bytes. */
const limitBytes = 7900;

/** How long a connection may take, or a notification to be sent. */
const timeoutMs = 5000;

/**
 * The bus over LISTEN and NOTIFY, on a connection of its own.
 *
 * - connected: sends and receives
 * - lost: what is published is lost; after a pause that doubles it connects again, then tells its followers to look
 * - closed
 */
export class PostgresBus extends RemoteBus {
  /** Fits into one notification unless JSON must escape much of it; then it takes two. */
  readonly maxTextBytes = 6000;
  readonly #url: string;
  #client: Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  private constructor(url: string) {
    super(limitBytes);
    this.#url = url;
  }

  /** Connects. Rejects when the first connection cannot be made. */
  static async connect(url: string): Promise<PostgresBus> {
    const bus = new PostgresBus(url);
    await bus.#connect();
    return bus;
  }

  protected async disconnect(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = new Client({
      connectionString: this.#url,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
      keepAlive: true,
      application_name: 'batuta bus',
    });
    client.on('error', () => this.#lose(client));
    client.on('end', () => this.#lose(client));
    client.on('notification', ({ payload }) => this.receive(payload ?? ''));
    await client.connect();
    await client.query(`listen ${channel}`);
    this.#client = client;
  }

  #lose(client: Client): void {
    if (client !== this.#client) return;
    this.#client = undefined;
    client.end().catch(() => undefined);
    this.#connectAgain(1);
  }

  #connectAgain(attempt: number): void {
    if (this.#isClosed) return;
    this.#retry = setTimeout(() => {
      this.#connect().then(
        () => this.#connectedAgain(),
        () => this.#connectAgain(attempt + 1),
      );
    }, reconnectPause(attempt));
  }

  #connectedAgain(): void {
    // Closed while the connection was being made.
    if (this.#isClosed) void this.close();
    else this.reconnected();
  }

  protected async send(payloads: readonly string[]): Promise<void> {
    const calls = payloads.map((payload) => `pg_notify('${channel}', ${escapeLiteral(payload)})`);
    await this.#client?.query(`select ${calls.join(', ')}`);
  }
}
