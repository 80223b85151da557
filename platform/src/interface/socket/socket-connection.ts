import {
  BatutaError,
  socketCloseCodes,
  type JsonObject,
  type Problem,
  type SocketError,
} from '@batuta/contract';
import type { RawData, WebSocket } from 'ws';
import type { Clock } from '../../port/clock.ts';
import { closeCodeOf } from './close-frame.ts';
import { SocketInbox, type Incoming } from './socket-inbox.ts';
import type { SocketLimits } from './socket-limits.ts';

/** How long a client may take to answer that the connection is closed. */
const closingMs = 5_000;
/** Below this an endpoint that waits for room goes on. */
const littlePending = 65_536;

/** What an endpoint does with one connection. What these throw ends it, told to the client as a problem. */
export interface SocketHandler {
  /** A control message: any JSON object. The next message waits until this has ended. */
  message(message: JsonObject): void | Promise<void>;
  /** A binary frame; absent: refused. The next message waits until this has ended. */
  bytes?(piece: Buffer): void | Promise<void>;
  /** The connection is closed, however that came. Called once. Contract: does not throw. */
  closed(): void;
}

/** Begins to serve a connection. May send at once. What it throws is told to the client. */
export type OpenSocket = (connection: SocketConnection) => SocketHandler | Promise<SocketHandler>;

interface ConnectionParts {
  limits: SocketLimits;
  clock: Clock;
  /** Turns whatever was thrown into what a client is told. */
  toProblem: (error: unknown) => Problem;
  removed: () => void;
}

/**
 * One WebSocket. How an endpoint is written:
 *
 * 1. `defineSocketEndpoint` (`interface/http/socket-endpoint.ts`) names path, scope, params and limits like any endpoint; it goes into
 *    `all-endpoints.ts`. Host, Origin, key or cookie, scope, rate limits and audit log are those of every request, *before* the upgrade.
 * 2. Its `admit(exchange)` looks up what the path names; a `BatutaError` is an ordinary answer (404 ...). It changes nothing yet, and gives
 *    the function `open(connection)` that is called after the upgrade and gives the handler of messages.
 * 3. Text frames are JSON objects: check them with a schema of `contract/src/socket/`. Binary frames are bulk. Handlers may be slow: the
 *    client waits. `send`, `sendBytes` never wait: `sendBytes` with `canSkip` drops the piece (and gives false) while the client is behind,
 *    without it a client that is too far behind is cut off; `drained()` ends when there is room again.
 * 4. Limits, pings, idle and total time, revoked access (1008) and the stop of the server (1012) are looked after here.
 *
 * States: *opening* (messages wait for `open`), *open*, *closing* (the close frame is sent; nothing is handled any more; left by the
 * client's answer or after five seconds), *closed*.
 */
export class SocketConnection {
  readonly #socket: WebSocket;
  readonly #parts: ConnectionParts;
  readonly #inbox: SocketInbox;
  readonly #openedAt: number;
  #state: 'opening' | 'open' | 'closing' | 'closed' = 'opening';
  #handler: SocketHandler | undefined;
  #movedAt: number;
  #isAlive = true;
  #whenDrained: PromiseWithResolvers<void> | undefined;
  #stopTimer: (() => void) | undefined;

  constructor(socket: WebSocket, parts: ConnectionParts) {
    const { clock, limits } = parts;
    this.#socket = socket;
    this.#parts = parts;
    this.#openedAt = clock.monotonic();
    this.#movedAt = this.#openedAt;
    this.#inbox = new SocketInbox({
      clock,
      limits,
      handle: (message) => this.#handle(message),
      failed: (error) => this.fail(error),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
    });
    socket.on('pong', () => (this.#isAlive = true));
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('error', () => this.#broken());
    socket.on('close', () => this.#closed());
  }

  /** Asks the endpoint for its handler. Contract: never rejects. */
  async begin(open: OpenSocket): Promise<void> {
    this.#socket.pause();
    try {
      const handler = await open(this);
      if (this.#state === 'opening') this.#state = 'open';
      this.#handler = handler;
      if (this.#state === 'closed') handler.closed();
    } catch (error) {
      this.fail(error);
    }
    this.#socket.resume();
  }

  /** False as soon as nothing more can be sent. */
  get isOpen(): boolean {
    return this.#state === 'opening' || this.#state === 'open';
  }

  /** Bytes that wait for the client. */
  get pending(): number {
    return this.#socket.bufferedAmount;
  }

  /** Sends a control message. */
  send(message: JsonObject): void {
    if (this.#hasRoom(false)) this.#write(JSON.stringify(message));
  }

  /** Sends a binary frame. False: it was left out, because the client is behind or gone. */
  sendBytes(piece: Uint8Array, { canSkip = false } = {}): boolean {
    if (!this.#hasRoom(canSkip)) return false;
    this.#write(piece);
    return true;
  }

  /** Ends when little waits for the client, or the connection is over; undefined: at once. */
  drained(): Promise<void> | undefined {
    if (!this.isOpen || this.pending <= littlePending) return undefined;
    this.#whenDrained ??= Promise.withResolvers<void>();
    return this.#whenDrained.promise;
  }

  /** Closes, all being said. */
  end(): void {
    this.#close(socketCloseCodes.done, '');
  }

  /** Tells the client what is wrong, and closes. */
  fail(thrown: unknown): void {
    if (!this.isOpen) return;
    const problem = this.#parts.toProblem(thrown);
    const message: SocketError = { type: 'error', problem };
    this.#write(JSON.stringify(message));
    this.#close(closeCodeOf(problem), problem.code);
  }

  /** Cuts the connection without a word. */
  destroy(): void {
    this.#socket.terminate();
  }

  /** Called now and then: asks for a sign of life and looks at the time. */
  sweep(): void {
    const { clock, limits } = this.#parts;
    const now = clock.monotonic();
    const { idleSeconds, totalSeconds } = limits;
    if (now - this.#openedAt >= totalSeconds * 1000)
      return this.fail(new BatutaError('socket-expired', { seconds: totalSeconds }));
    if (now - this.#movedAt >= idleSeconds * 1000)
      return this.fail(new BatutaError('socket-idle', { seconds: idleSeconds }));
    // While nothing is read, no sign of life can be seen either.
    if (this.#socket.isPaused) return;
    if (!this.#isAlive) return this.destroy();
    this.#isAlive = false;
    this.#socket.ping();
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (!this.isOpen || !Buffer.isBuffer(data)) return;
    this.#isAlive = true;
    this.#movedAt = this.#parts.clock.monotonic();
    this.#inbox.take({ data, isBinary });
  }

  #handle({ data, isBinary }: Incoming): void | Promise<void> {
    if (!isBinary) return this.#handler?.message(readMessage(data));
    if (this.#handler?.bytes) return this.#handler.bytes(data);
    throw new BatutaError('socket-message-invalid', { reason: 'binary messages mean nothing here' });
  }

  #hasRoom(canSkip: boolean): boolean {
    if (!this.isOpen) return false;
    const { maxPendingBytes } = this.#parts.limits;
    if (this.pending <= (canSkip ? littlePending : maxPendingBytes)) return true;
    if (!canSkip) this.fail(new BatutaError('socket-reader-slow', { limit_bytes: maxPendingBytes }));
    return false;
  }

  #write(data: string | Uint8Array): void {
    this.#movedAt = this.#parts.clock.monotonic();
    this.#socket.send(data, () => {
      if (this.pending <= littlePending) this.#tellDrained();
    });
  }

  #close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.#state = 'closing';
    this.#inbox.end();
    this.#stopTimer = this.#parts.clock.after(closingMs, () => this.destroy());
    this.#socket.close(code, reason);
    // The answer to the close frame must be read.
    this.#socket.resume();
    this.#tellDrained();
  }

  /** What cannot be read as frames, or is too large: `ws` has sent the close frame with its code and reads nothing more. */
  #broken(): void {
    this.#close(socketCloseCodes.invalid, '');
  }

  #closed(): void {
    this.#state = 'closed';
    this.#inbox.end();
    this.#stopTimer?.();
    this.#tellDrained();
    this.#parts.removed();
    this.#handler?.closed();
  }

  #tellDrained(): void {
    this.#whenDrained?.resolve();
    this.#whenDrained = undefined;
  }
}

function readMessage(data: Buffer): JsonObject {
  let message: unknown;
  try {
    message = JSON.parse(data.toString('utf8'));
  } catch {
    throw new BatutaError('socket-message-invalid', { reason: 'it is not JSON' });
  }
  if (isObject(message)) return message;
  throw new BatutaError('socket-message-invalid', { reason: 'it is not a JSON object' });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
