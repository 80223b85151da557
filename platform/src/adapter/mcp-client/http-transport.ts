import {
  StreamableHTTPClientTransport,
  type AuthProvider,
  type FetchLike,
  type JSONRPCMessage,
  type Transport,
  type TransportSendOptions,
} from '@modelcontextprotocol/client';
import { liftTask } from './task-handle.ts';
import { TrafficGuard } from './traffic-guard.ts';

export interface HttpOptions {
  url: URL;
  headers: Readonly<Record<string, string>>;
  /** Bounds what it reads. */
  fetch: FetchLike;
  now: () => number;
  authProvider?: AuthProvider | undefined;
}

/** Code of the answer that is made up for a request whose stream ended without one. */
export const streamEndedCode = -32_098;

/** Streams that break in mid-answer are taken up again where the server numbers its events. */
const reconnection = {
  initialReconnectionDelay: 500,
  maxReconnectionDelay: 10_000,
  reconnectionDelayGrowFactor: 2,
  maxRetries: 5,
};

/**
 * Speaks to a server over streamable HTTP. Beyond the library's transport it bounds what is read, answers requests whose stream ended
 * without an answer with an error, instead of leaving them open, and takes up the answer of a cancelled request no more.
 */
export class HttpTransport implements Transport {
  readonly hasPerRequestStream = true;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #inner: StreamableHTTPClientTransport;
  readonly #guard: TrafficGuard;
  /** Requests without an answer yet. */
  readonly #open = new Map<string | number, AbortController>();
  #reason: string | undefined;

  constructor({ url, headers, fetch, now, authProvider }: HttpOptions) {
    this.#guard = new TrafficGuard(now);
    this.#inner = new StreamableHTTPClientTransport(url, {
      fetch,
      requestInit: { headers: { ...headers } },
      reconnectionOptions: reconnection,
      onInsufficientScope: 'throw',
      ...(authProvider ? { authProvider } : {}),
    });
  }

  get reason(): string | undefined {
    return this.#reason;
  }

  get sessionId(): string | undefined {
    return this.#inner.sessionId;
  }

  setProtocolVersion(version: string): void {
    this.#inner.setProtocolVersion(version);
  }

  async start(): Promise<void> {
    Object.assign(this.#inner, {
      onmessage: (message: JSONRPCMessage) => this.#receive(message),
      onerror: (error: Error) => this.onerror?.(error),
      onclose: () => this.onclose?.(),
    });
    await this.#inner.start();
  }

  async send(message: JSONRPCMessage, options: TransportSendOptions = {}): Promise<void> {
    const headers = options.headers ? { headers: options.headers } : {};
    if (!('method' in message) || !('id' in message)) {
      await this.#inner.send(message, headers);
      return this.#forgetCancelled(message);
    }
    const { id } = message;
    const controller = new AbortController();
    this.#open.set(id, controller);
    const ends = [controller.signal, ...(options.requestSignal ? [options.requestSignal] : [])];
    try {
      await this.#inner.send(message, {
        ...headers,
        requestSignal: AbortSignal.any(ends),
        onRequestStreamEnd: () => {
          options.onRequestStreamEnd?.();
          this.#streamEnded(id);
        },
      });
    } catch (error) {
      this.#open.delete(id);
      throw error;
    }
  }

  async close(): Promise<void> {
    // The session is given back, so that the server need not wait for it to expire; a server that cannot be told is left.
    const told = this.#inner.terminateSession().catch(() => undefined);
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, 1000);
    await Promise.race([told, promise]);
    clearTimeout(timer);
    await this.#inner.close();
  }

  #receive(message: JSONRPCMessage): void {
    const isAnswer = 'id' in message && !('method' in message);
    if (isAnswer && message.id !== undefined) this.#open.delete(message.id);
    if (!isAnswer && !this.#guard.admit()) {
      this.#reason ??= 'it sends more messages than can be read';
      void this.#inner.close();
      return;
    }
    this.onmessage?.(liftTask(message));
  }

  /** The server may have done what was asked: what it would have said is lost. */
  #streamEnded(id: string | number): void {
    if (!this.#open.delete(id)) return;
    const error = { code: streamEndedCode, message: 'The answer ended before it was complete' };
    this.onmessage?.({ jsonrpc: '2.0', id, error });
  }

  #forgetCancelled(message: JSONRPCMessage): void {
    if (!('method' in message) || message.method !== 'notifications/cancelled') return;
    const id = message.params?.['requestId'];
    if (typeof id !== 'string' && typeof id !== 'number') return;
    this.#open.get(id)?.abort();
    this.#open.delete(id);
  }
}
