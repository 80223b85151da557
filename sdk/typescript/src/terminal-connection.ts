import {
  BatutaError,
  problemSchema,
  socketProtocol,
  terminalEndedSchema,
  terminalOpenedSchema,
  type TerminalAnswer,
  type TerminalEnded,
  type TerminalRequest,
} from '@batuta/contract';
import { readError } from './read-error.ts';
import type { Transport } from './transport.ts';

/** How somebody sits down at a terminal. */
export interface TerminalOptions {
  columns: number;
  rows: number;
  /** Id of a terminal whose connection broke off; absent: a new one. */
  terminal?: string;
  /** Called with what is shown. Contract: does not throw. */
  shown: (piece: Uint8Array) => void;
}

type Opened = Extract<TerminalAnswer, { type: 'opened' }>;

/** How much goes into one message. */
const pieceBytes = 32_768;

/** A terminal in the sandbox of a session, as one connection has it. */
export class TerminalConnection {
  /** What the server said first: the id with which it can be taken up again, and how it is kept in. */
  readonly opened: Opened;
  /**
   * How it ended; null: the connection broke off, and it can be taken up again for `opened.grace_seconds`. Rejects with what the server
   * says when it ends the connection for a reason.
   */
  readonly ended: Promise<TerminalEnded | null>;
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket, opened: Opened, ended: Promise<TerminalEnded | null>) {
    this.#socket = socket;
    this.opened = opened;
    this.ended = ended;
  }

  /** Connects. Errors: what the server says, `server-unreachable`. */
  static async open(
    transport: Transport,
    path: string,
    { shown, ...query }: TerminalOptions,
  ): Promise<TerminalConnection> {
    // A WebSocket does not tell why it was refused: an ordinary request is told.
    await transport.send({ path, query, alsoAnswers: [426] });
    const { url, headers } = transport.socket({ path, query });
    const socket = openSocket(url, headers);
    socket.binaryType = 'arraybuffer';
    const opening = Promise.withResolvers<Opened>();
    const ending = Promise.withResolvers<TerminalEnded | null>();
    ending.promise.catch(() => undefined);
    socket.addEventListener('message', ({ data }) => {
      if (data instanceof ArrayBuffer) return shown(new Uint8Array(data));
      hear(JSON.parse(String(data)), { opening, ending });
    });
    socket.addEventListener('close', () => {
      const reason = 'the connection broke off';
      opening.reject(new BatutaError('server-unreachable', { url, reason }));
      ending.resolve(null);
    });
    return new TerminalConnection(socket, await opening.promise, ending.promise);
  }

  /** Types. */
  type(input: Uint8Array | string): void {
    const bytes = typeof input === 'string' ? new TextEncoder().encode(input) : Uint8Array.from(input);
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    for (let at = 0; at < bytes.length; at += pieceBytes) this.#socket.send(bytes.slice(at, at + pieceBytes));
  }

  /** Tells the terminal its new size. */
  resize(columns: number, rows: number): void {
    this.#send({ type: 'resize', columns, rows });
  }

  /** Ends the terminal with all that runs in it. */
  close(): void {
    this.#send({ type: 'close' });
  }

  /** Leaves it: it waits for a while to be taken up again. */
  leave(): void {
    this.#socket.close();
  }

  #send(request: TerminalRequest): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(request));
  }
}

/** What Node.js adds to the constructor that browsers have. */
type SocketMaker = new (
  url: string,
  init: { protocols: string; headers: Readonly<Record<string, string>> },
) => WebSocket;

function openSocket(url: string, headers: Readonly<Record<string, string>>): WebSocket {
  // In a browser the login cookie goes along by itself.
  if (Object.keys(headers).length === 0 || !takesHeaders(WebSocket))
    return new WebSocket(url, socketProtocol);
  return new WebSocket(url, { protocols: socketProtocol, headers });
}

function takesHeaders(maker: unknown): maker is SocketMaker {
  return typeof maker === 'function';
}

interface Hearing {
  opening: PromiseWithResolvers<Opened>;
  ending: PromiseWithResolvers<TerminalEnded | null>;
}

function hear(message: unknown, { opening, ending }: Hearing): void {
  const opened = terminalOpenedSchema.safeParse(message);
  if (opened.success) return opening.resolve(opened.data);
  const ended = terminalEndedSchema.safeParse(message);
  if (ended.success) return ending.resolve(ended.data);
  const problem = problemSchema.safeParse((message as { problem?: unknown } | null)?.problem);
  // A server that stops is another way of breaking off.
  if (!problem.success || problem.data.code === 'server-stopping') return;
  void readError(Response.json(problem.data, { status: problem.data.status })).then((error) => {
    opening.reject(error);
    ending.reject(error);
  });
}
