import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex, Writable } from 'node:stream';
import type { EgressOptions, EgressReport, RefusedConnection } from '../../port/egress-proxy.ts';
import type { RefusedTarget } from './admit-target.ts';

const mostRefused = 100;

/** One opening: its rules, its connections, and what became of them. */
export class EgressWay implements EgressReport {
  readonly options: EgressOptions;
  readonly #maxConnections: number;
  readonly #ends = new Set<Writable>();
  readonly #refused = new Map<string, RefusedConnection>();
  #connections = 0;
  #bytes = 0;
  #isClosed = false;

  constructor(options: EgressOptions, maxConnections: number) {
    this.options = options;
    this.#maxConnections = maxConnections;
  }

  refused(): readonly RefusedConnection[] {
    return [...this.#refused.values()];
  }

  bytes(): number {
    return this.#bytes;
  }

  /** Why nothing more may be connected; undefined when it may. */
  get exhausted(): string | undefined {
    if (this.#isClosed) return 'the way out is closed';
    if (this.#connections >= this.#maxConnections)
      return `there are ${this.#maxConnections} connections already`;
    const { maxBytes = Infinity } = this.options;
    return this.#bytes >= maxBytes ? `more than ${maxBytes} bytes were transferred` : undefined;
  }

  refuse({ target, reason }: RefusedTarget): void {
    const key = `${target} ${reason}`;
    const count = (this.#refused.get(key)?.count ?? 0) + 1;
    this.#refused.delete(key);
    this.#refused.set(key, { target, reason, count });
    const [oldest] = this.#refused.keys();
    if (this.#refused.size > mostRefused && oldest !== undefined) this.#refused.delete(oldest);
  }

  /** Counts a connection and what goes through it. Both ends are ended when the opening is closed, or when it has had its share of bytes. */
  join(client: Duplex | ServerResponse, server: Socket): void {
    this.#connections += 1;
    server.once('close', () => (this.#connections -= 1));
    const count = (chunk: Buffer) => {
      this.#bytes += chunk.byteLength;
      if (this.#bytes < (this.options.maxBytes ?? Infinity)) return;
      client.destroy();
      server.destroy();
    };
    for (const end of [client, server]) {
      this.#ends.add(end);
      end.on('data', count);
      end.once('close', () => this.#ends.delete(end));
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const end of this.#ends) end.destroy();
  }
}
