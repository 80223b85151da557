import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Message {
  id?: number;
  method?: string;
  params?: { name?: string };
}

/** A tool server over HTTP that keeps sessions, and ends, cuts and delays its answers as it is told. */
export class SessionServer {
  /** Sessions, and how often each was told to count. */
  readonly sessions = new Map<string, number>();
  readonly headers: IncomingMessage['headers'][] = [];
  /** How often the tool `count` took effect, whatever became of the answer. */
  counted = 0;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async listen(): Promise<this> {
    await new Promise<void>((ready) => this.#server.listen(0, '127.0.0.1', ready));
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Forgets all sessions, as a restart does. */
  forget(): void {
    this.sessions.clear();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.headers.push(request.headers);
    const session = String(request.headers['mcp-session-id'] ?? '');
    if (request.method === 'GET') return void response.writeHead(405).end();
    if (request.method === 'DELETE') {
      this.sessions.delete(session);
      return void response.writeHead(200).end();
    }
    const message: Message = JSON.parse(await text(request));
    if (message.method === 'initialize') return this.#begin(message, response);
    if (message.method === 'server/discover') return void response.writeHead(400).end('no session');
    if (!this.sessions.has(session)) return void response.writeHead(404).end();
    if (message.id === undefined) return void response.writeHead(202).end();
    this.#handle(message, session, response);
  }

  #begin({ id }: Message, response: ServerResponse): void {
    const session = randomUUID();
    this.sessions.set(session, 0);
    const serverInfo = { name: 'sessions', version: '1' };
    const result = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo };
    response.setHeader('mcp-session-id', session);
    sendJson(response, { id, result });
  }

  #handle({ id, method, params }: Message, session: string, response: ServerResponse): void {
    const inputSchema = { type: 'object' };
    const names = ['count', 'count_and_cut', 'drip', 'large', 'fail'];
    const listed = { tools: names.map((name) => ({ name, inputSchema })) };
    if (method === 'tools/list') return sendJson(response, { id, result: listed });
    if (method === 'ping') return sendJson(response, { id, result: {} });
    const behaviours: Record<string, () => void> = {
      fail: () => void response.writeHead(503).end('busy'),
      large: () => sendJson(response, { id, result: said('x'.repeat(5_000_000)) }),
      drip: () => drip(response),
      count: () => sendJson(response, { id, result: said(String(this.#count(session))) }),
      count_and_cut: () => {
        this.#count(session);
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(': here it comes\n\n', () => response.destroy());
      },
    };
    behaviours[params?.name ?? '']?.();
  }

  #count(session: string): number {
    const count = (this.sessions.get(session) ?? 0) + 1;
    this.sessions.set(session, count);
    this.counted += 1;
    return count;
  }
}

function said(words: string) {
  return { content: [{ type: 'text', text: words }] };
}

function sendJson(response: ServerResponse, value: object): void {
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ jsonrpc: '2.0', ...value }));
}

/** One byte at a time, and never the whole. */
function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.once('close', () => clearInterval(timer));
}
