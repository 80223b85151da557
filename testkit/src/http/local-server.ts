import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { BatutaError } from '@batuta/contract';

/** Where a server listens, and what it is called in errors. */
export interface ListenOptions {
  name: string;
  host: string;
  /** 0 for a free one. */
  port: number;
}

/** An HTTP server of this machine that clients keep connections to. */
export class LocalServer {
  readonly #server: Server;
  #url = '';

  constructor(listener: RequestListener) {
    this.#server = createServer(listener);
    // Clients keep connections for long; a server that closes them first makes requests fail at random.
    this.#server.keepAliveTimeout = 600_000;
    this.#server.requestTimeout = 0;
  }

  /** Address of the server, without a path. */
  get url(): string {
    return this.#url;
  }

  async listen({ host, name, port }: ListenOptions): Promise<void> {
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw portInvalid(name, `must be a whole number from 0 to 65535, not ${port}`);
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once('error', reject);
    this.#server.listen(port, host, 4096, resolve);
    await promise.catch((cause: unknown) => {
      throw portInvalid(name, `cannot be listened on: ${String(cause)}`);
    });
    this.#url = `http://${host}:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Stops at once; open answers are broken off. */
  async stop(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    this.#server.closeAllConnections();
    await promise;
  }
}

function portInvalid(name: string, reason: string): BatutaError {
  return new BatutaError('configuration-invalid', { name: 'port', source: name, reason });
}
