import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { problemSchema, type JsonObject, type Problem } from '@batuta/contract';
import { WebSocket, type ClientOptions } from 'ws';

/** How a connection ended. */
export interface SocketEnd {
  code: number;
  reason: string;
}

/** A real WebSocket client that keeps what it reads. */
export class SocketClient {
  readonly socket: WebSocket;
  readonly closed: Promise<SocketEnd>;
  /** Text frames as they came, read as JSON; binary frames together. */
  readonly messages: JsonObject[] = [];
  received = Buffer.alloc(0);
  #wake = Promise.withResolvers<void>();

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        this.#told();
      });
    });
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.received = Buffer.concat([this.received, data]);
      else this.messages.push(JSON.parse(data.toString()) as JsonObject);
      this.#told();
    });
  }

  /** Connects. A refusal is thrown as its problem. */
  static async open(
    url: string,
    options: ClientOptions & { protocols?: string[] } = {},
  ): Promise<SocketClient> {
    const { protocols = [], ...rest } = options;
    const socket = new WebSocket(url.replace('http', 'ws'), protocols, rest);
    const client = new SocketClient(socket);
    const refused = once(socket, 'unexpected-response').then(async (happened: unknown[]) => {
      const answer = happened[1] as IncomingMessage;
      throw new Refusal(answer.statusCode ?? 0, await text(answer));
    });
    await Promise.race([once(socket, 'open'), refused]);
    refused.catch(() => undefined);
    return client;
  }

  send(message: JsonObject): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Ends when what was read fulfils a condition; fails when the connection is over before. */
  async until(isThere: (client: this) => boolean): Promise<void> {
    while (!isThere(this)) {
      if (this.socket.readyState === WebSocket.CLOSED)
        throw new Refusal(0, `the connection is over ${JSON.stringify(this.messages.at(-1))}`);
      await this.#wake.promise;
    }
  }

  /** The text of all binary frames. */
  get text(): string {
    return this.received.toString('utf8');
  }

  /** Forgets what was read in binary frames. */
  forget(): void {
    this.received = Buffer.alloc(0);
  }

  #told(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }
}

/** A request that was not upgraded. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    super(`${status} ${body.slice(0, 500)}`);
    this.status = status;
    this.body = body;
  }

  get problem(): Problem {
    return problemSchema.parse(JSON.parse(this.body));
  }

  get code(): string {
    return this.problem.code;
  }
}
