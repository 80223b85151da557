import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** A message as a receiver gets it. */
export interface ReceivedMessage {
  id: string;
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
  headers: IncomingHttpHeaders;
  body: string;
}

/** How a receiver answers: with a status, or as it wants. */
export type Answer = number | ((response: ServerResponse) => void);

/** A receiver of webhooks on this machine that a test tells how to answer, and that remembers what came. */
export class Receiver implements AsyncDisposable {
  readonly received: ReceivedMessage[] = [];
  /** Answers to the first messages, in order; then `usual`. */
  answers: Answer[] = [];
  usual: Answer = 204;
  readonly #server: Server;
  readonly #listeners = new Set<() => void>();

  constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        this.#take(request.headers, body);
        const answer = this.answers.shift() ?? this.usual;
        if (typeof answer === 'number') response.writeHead(answer).end();
        else answer(response);
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hooks`;
  }

  async listen(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return this;
  }

  /** Ends when so many messages have come. */
  async got(count: number): Promise<ReceivedMessage[]> {
    while (this.received.length < count) await new Promise<void>((resolve) => this.#listeners.add(resolve));
    return this.received;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(headers: IncomingHttpHeaders, body: string): void {
    this.received.push({ ...JSON.parse(body), id: String(headers['webhook-id']), headers, body });
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}

/** Whether the library of the specification takes a message as signed with a secret; it refuses those older than five minutes. */
export function isSigned(message: ReceivedMessage, secret: string): boolean {
  const headers = Object.entries(message.headers).map(([name, value]) => [name, String(value)]);
  try {
    new Webhook(secret).verify(message.body, Object.fromEntries(headers));
    return true;
  } catch {
    return false;
  }
}
