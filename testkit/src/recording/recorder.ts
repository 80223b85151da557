import { appendFile, writeFile } from 'node:fs/promises';
import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { request as httpsRequest } from 'node:https';

import { BatutaError } from '@batuta/contract';

import { machineClock, type EmulatorClock } from '../emulator/clock.ts';
import { LocalServer } from '../http/local-server.ts';
import { readBytes } from '../http/read-bytes.ts';
import { bodyHash, bodyValue } from './canonical-body.ts';
import { chunkOf, type RecordedExchange } from './exchange.ts';
import { SecretRemover } from './secret-remover.ts';

/** How a recorder is started. */
export interface RecorderOptions {
  /** Base address of the provider; the path of each request is put behind it. */
  target: string;
  /** The recording, one exchange a line. */
  file: string;
  /** Adds to a recording that is there, instead of replacing it. */
  append?: boolean;
  /** Values to take out of whatever is saved, beside the keys that are sent. */
  secrets?: readonly string[];
  host?: string;
  port?: number;
  bodyLimitBytes?: number;
  clock?: EmulatorClock;
}

const defaults = {
  append: false,
  secrets: [],
  host: '127.0.0.1',
  port: 0,
  bodyLimitBytes: 64 * 1024 * 1024,
  clock: machineClock,
};

/** Headers of one connection, which are not passed on. `accept-encoding` is one: what is recorded has to be readable. */
const connectionHeaders = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Starts a proxy in front of a provider that saves every exchange to a file, with secrets removed. */
export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  const recorder = new Recorder({ ...defaults, ...options });
  await recorder.start();
  return recorder;
}

/** A request on its way to the provider. */
interface Passing {
  index: number;
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** When it was passed on. */
  at: number;
}

/** A running recorder. */
export class Recorder {
  readonly #options: Required<RecorderOptions>;
  readonly #target: URL;
  readonly #server: LocalServer;
  readonly #remover: SecretRemover;
  #received = 0;
  #saved: Promise<void> = Promise.resolve();

  constructor(options: Required<RecorderOptions>) {
    this.#options = options;
    this.#target = targetOf(options.target);
    this.#remover = new SecretRemover(options.secrets);
    this.#server = new LocalServer((incoming, response) => this.#handle(incoming, response));
  }

  /** Prepares the file and begins to listen; `startRecorder` has done so. */
  async start(): Promise<void> {
    const { append, file, host, port } = this.#options;
    await writeFile(file, '', { flag: append ? 'a' : 'w', mode: 0o600 });
    await this.#server.listen({ name: 'the recorder', host, port });
  }

  /** What clients use as the base address instead of the provider's. */
  get url(): string {
    return this.#server.url;
  }

  /** Resolves when everything that has ended is in the file; fails when it could not be written. */
  async saved(): Promise<void> {
    await this.#saved;
  }

  /** Stops and waits for the file. */
  async stop(): Promise<void> {
    await this.#server.stop();
    await this.#saved;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #handle(incoming: IncomingMessage, response: ServerResponse): void {
    const index = this.#received;
    this.#received += 1;
    readBytes(incoming, this.#options.bodyLimitBytes, (body) => {
      if (body === undefined) {
        refuse(response, 413, `The body is larger than ${this.#options.bodyLimitBytes} bytes.`);
        return;
      }
      const { headers, method = 'GET', url: path = '/' } = incoming;
      this.#remover.learn(headers, path);
      this.#pass({ index, method, path, headers, body, at: this.#options.clock.now() }, response);
    });
  }

  #pass(passing: Passing, response: ServerResponse): void {
    const { headers, body, method, path } = passing;
    const send = this.#target.protocol === 'https:' ? httpsRequest : httpRequest;
    const kept = Object.entries(headers).filter(([name]) => !connectionHeaders.has(name));
    const options = {
      method,
      headers: {
        ...Object.fromEntries(kept),
        'accept-encoding': 'identity',
        ...(body.length > 0 && { 'content-length': body.length }),
      },
    };
    const sent = send(`${this.#target.href.replace(/\/$/, '')}${path}`, options, (answer) =>
      this.#record(passing, answer, response),
    );
    sent.on('error', (error) => {
      if (!response.headersSent)
        refuse(response, 502, `${this.#target.origin} cannot be reached: ${error.message}`);
    });
    response.on('close', () => sent.destroy());
    sent.end(body);
  }

  #record(passing: Passing, answer: IncomingMessage, response: ServerResponse): void {
    const encoding = answer.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') {
      answer.destroy();
      refuse(
        response,
        502,
        `The provider compressed its answer (${encoding}), so secrets in it cannot be removed.`,
      );
      return;
    }
    const chunks: { bytes: Buffer; at: number }[] = [];
    response.writeHead(answer.statusCode ?? 502, passedOn(answer.headers));
    response.flushHeaders();
    answer.on('data', (bytes: Buffer) => {
      chunks.push({ bytes, at: this.#options.clock.now() });
      response.write(bytes);
    });
    answer.on('error', () => {});
    answer.on('close', () => {
      if (answer.complete) response.end();
      else response.destroy();
      this.#save(this.#exchange(passing, answer, chunks));
    });
  }

  #exchange(
    passing: Passing,
    answer: IncomingMessage,
    chunks: { bytes: Buffer; at: number }[],
  ): RecordedExchange {
    const body = this.#remover.json(bodyValue(passing.body));
    const clean = this.#remover.chunks(chunks.map((chunk) => chunk.bytes));
    const times = chunks.map((chunk, position) => chunk.at - (chunks[position - 1]?.at ?? passing.at));
    return {
      version: 1,
      index: passing.index,
      method: passing.method,
      path: this.#remover.path(passing.path),
      request_headers: this.#remover.headers(passing.headers),
      request_body: body,
      request_hash: bodyHash(body),
      status: answer.statusCode ?? 502,
      headers: this.#remover.headers(passedOn(answer.headers)),
      chunks: clean.map((bytes, position) => chunkOf(bytes, times[position] ?? 0)),
      complete: answer.complete,
    };
  }

  #save(exchange: RecordedExchange): void {
    const line = `${JSON.stringify(exchange)}\n`;
    this.#saved = this.#saved.then(() => appendFile(this.#options.file, line));
    // Whoever asks by `saved` or `stop` hears of a failure; until then it is not an unhandled one.
    this.#saved.catch(() => {});
  }
}

function targetOf(target: string): URL {
  const url = URL.parse(target);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  const reason = `must be an http or https address, not "${target}"`;
  throw new BatutaError('configuration-invalid', { name: 'target', source: 'the recorder', reason });
}

function passedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !connectionHeaders.has(name)));
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { type: 'recorder_error', message } }));
}
