import type { Client, ProtocolEra, Tool } from '@modelcontextprotocol/client';
import { listTools, type ListedTools } from './list-tools.ts';
import type { HttpTransport } from './http-transport.ts';
import type { ServerQuestions } from './server-questions.ts';
import type { ToolServerOptions } from './server-options.ts';
import type { StdioTransport } from './stdio-transport.ts';

interface ConnectionParts {
  client: Client;
  transport: StdioTransport | HttpTransport;
  server: ToolServerOptions;
  questions: ServerQuestions;
}

/** A server that does not answer so simple a question in this time does not answer at all. */
const pingMs = 5_000;

/** One live connection. open -- its transport ends, or `close` --> over. */
export class Connection {
  readonly client: Client;
  readonly questions: ServerQuestions;
  /** Ends when the connection is over. */
  readonly over: Promise<void>;
  readonly #transport: StdioTransport | HttpTransport;
  readonly #server: ToolServerOptions;
  #isOver = false;
  #openCalls = 0;

  constructor({ client, transport, server, questions }: ConnectionParts) {
    this.client = client;
    this.questions = questions;
    this.#transport = transport;
    this.#server = server;
    this.over = new Promise((resolve) => {
      const onclose = () => {
        this.#isOver = true;
        resolve();
      };
      Object.assign(client, { onclose });
    });
  }

  get era(): ProtocolEra {
    return this.client.getProtocolEra() ?? 'legacy';
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isBusy(): boolean {
    return this.#openCalls > 0;
  }

  /** Why it is over, where that is known. */
  get reason(): string | undefined {
    return this.#transport.reason;
  }

  async listTools(): Promise<ListedTools> {
    return await listTools(this.client, this.#server.limits);
  }

  /** Whether the server runs this tool only as a task, in the protocol that has tasks in its core. */
  needsTask(tool: Tool): boolean {
    return this.era === 'legacy' && tool.execution?.taskSupport === 'required';
  }

  /** Keeps the connection from being closed as idle while work goes on. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    this.#openCalls += 1;
    try {
      return await work();
    } finally {
      this.#openCalls -= 1;
    }
  }

  /** After a call that took too long: whether the server still answers. One that does not is given up. */
  async answers(): Promise<boolean> {
    const timeout = Math.min(pingMs, this.#server.limits.startMs);
    try {
      if (this.era === 'modern') await this.client.discover({ timeout });
      else await this.client.ping({ timeout });
      return true;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    await this.client.close().catch(() => undefined);
    // A connection that was never made tells nobody that it is over.
    await this.#transport.close().catch(() => undefined);
    this.#isOver = true;
  }
}
