import type { IncomingMessage, ServerResponse } from 'node:http';

import { LocalServer } from '../http/local-server.ts';
import { machineClock, type EmulatorClock } from './clock.ts';
import { refusalOf } from './conversation-check.ts';
import { embeddingPaths, embeddingsBody, textsToEmbed } from './embeddings.ts';
import { EmulatedRequest } from './emulated-request.ts';
import { modelListOf } from './model-list.ts';
import { modelNameForms } from './model-name.ts';
import { play } from './player.ts';
import { RecordedRequests, type RequestCounts } from './recorded-requests.ts';
import { failure } from './reply-builders.ts';
import type { Reply } from './reply.ts';
import { readBody } from './request-body.ts';
import { modelOf, routeOf, streamOf, type Route } from './route.ts';
import { Script, type ReplySource } from './script.ts';
import { TransmissionMaker } from './transmission.ts';

/** How an emulator is started; every field may be left out. */
export interface EmulatorOptions {
  /** A free one by default. */
  port?: number;
  host?: string;
  /** How many of the newest requests are remembered. */
  remember?: number;
  /** How long `received` and `aborted` wait before they fail. */
  waitMs?: number;
  /** Largest body of a request. */
  bodyLimitBytes?: number;
  /** Whether a conversation is refused whose tool calls and results do not pair, as providers refuse it. On by default. */
  strict?: boolean;
  /** Start of every id that it gives out; set it when several emulators must not give the same. */
  idPrefix?: string;
  /** Seconds since 1970 that every answer bears. */
  createdAt?: number;
  clock?: EmulatorClock;
}

const defaults = {
  port: 0,
  host: '127.0.0.1',
  remember: 1000,
  waitMs: 10_000,
  bodyLimitBytes: 64 * 1024 * 1024,
  strict: true,
  idPrefix: 'e',
  createdAt: 1_767_225_600,
  clock: machineClock,
} satisfies EmulatorOptions;

/** Base addresses as the clients of each provider want them. */
export interface EmulatorAddresses {
  /** For the official client of Anthropic, which adds `/v1`. */
  anthropic: string;
  openai: string;
  google: string;
  ollama: string;
}

/** Starts a model provider of our own: real HTTP, real streams, scripted answers. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = new Emulator({ ...defaults, ...options });
  await emulator.listen();
  return emulator;
}

/** A running emulator of model providers. */
export class Emulator {
  readonly #options: Required<EmulatorOptions>;
  readonly #server: LocalServer;
  readonly #script = new Script();
  readonly #recorded: RecordedRequests;
  readonly #maker: TransmissionMaker;
  #embedded: string[] = [];

  constructor(options: Required<EmulatorOptions>) {
    this.#options = options;
    this.#recorded = new RecordedRequests(options.remember);
    this.#maker = new TransmissionMaker(options);
    this.#server = new LocalServer((incoming, response) => this.#handle(incoming, response));
  }

  /** Begins to listen; `startEmulator` has done so. */
  async listen(): Promise<void> {
    const { host, port } = this.#options;
    await this.#server.listen({ name: 'the emulator', host, port });
  }

  /** Address of the emulator, without a path. */
  get url(): string {
    return this.#server.url;
  }

  get addresses(): EmulatorAddresses {
    const { url } = this;
    return { anthropic: url, openai: `${url}/v1`, google: `${url}/v1beta`, ollama: `${url}/api` };
  }

  /** The newest requests, oldest first. */
  get requests(): readonly EmulatedRequest[] {
    return this.#recorded.all;
  }

  /** Texts for which embeddings were asked, oldest first. */
  get embedded(): readonly string[] {
    return this.#embedded;
  }

  get counts(): RequestCounts {
    return this.#recorded.counts;
  }

  /** Sets what is answered, to one model or to all; replaces what was set for the same. */
  script(source: ReplySource, options: { model?: string } = {}): void {
    this.#script.set(source, options.model);
  }

  /** Forgets scripts, requests and counts. */
  reset(): void {
    this.#script.clear();
    this.#recorded.forget();
    this.#embedded = [];
  }

  /** Waits until `count` requests have come since the start or the last reset. */
  async received(count: number): Promise<readonly EmulatedRequest[]> {
    await this.#recorded.reached('received', count, this.#options.waitMs);
    return this.requests;
  }

  /** Waits until `count` answers were sent to their end. */
  async answered(count: number): Promise<void> {
    await this.#recorded.reached('answered', count, this.#options.waitMs);
  }

  /** Waits until `count` clients have left before the end of their answer. */
  async aborted(count: number): Promise<void> {
    await this.#recorded.reached('aborted', count, this.#options.waitMs);
  }

  /** Stops at once; open answers are broken off. */
  async stop(): Promise<void> {
    await this.#server.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #handle(incoming: IncomingMessage, response: ServerResponse): void {
    const path = (incoming.url ?? '/').split('?', 1)[0] ?? '/';
    if (incoming.method === 'POST' && embeddingPaths.has(path)) return this.#embed(incoming, response);
    const route = incoming.method === 'POST' ? routeOf(path) : undefined;
    if (route === undefined) return this.#handleOther(incoming, response, path);
    readBody(incoming, this.#options.bodyLimitBytes, (read) => {
      if (read.kind === 'refused') {
        const body = route.format.failure(failure(read.status, { message: read.reason }), 'req_refused');
        sendJson(response, read.status, body);
        return;
      }
      const raw = {
        body: read.body,
        bodyBytes: read.bytes,
        headers: incoming.headers,
        path,
        format: route.format,
      };
      const stream = streamOf(route, read.body);
      const model = modelOf(route, read.body);
      this.#answer(new EmulatedRequest({ ...raw, model, stream }, this.#recorded.nextIndex), {
        route,
        response,
      });
    });
  }

  #answer(request: EmulatedRequest, to: { route: Route; response: ServerResponse }): void {
    this.#recorded.add(request);
    const reply = this.#reply(request);
    if (!(reply instanceof Promise)) return this.#play(reply, request, to);
    // The client may leave while the script still thinks.
    const left = (): void => this.#recorded.settle(request, 'aborted');
    to.response.once('close', left);
    reply.then(
      (ready) => {
        to.response.off('close', left);
        if (!to.response.destroyed) this.#play(ready, request, to);
      },
      (error: unknown) => this.#play(scriptFailed(error), request, to),
    );
  }

  #reply(request: EmulatedRequest): Reply | Promise<Reply> {
    try {
      const message = this.#options.strict ? refusalOf(request) : undefined;
      return message === undefined ? this.#script.reply(request) : failure(400, { message });
    } catch (error) {
      return scriptFailed(error);
    }
  }

  #play(reply: Reply, request: EmulatedRequest, to: { route: Route; response: ServerResponse }): void {
    const transmission = this.#maker.make(reply, request, to.route.format);
    play(to.response, transmission, {
      clock: this.#options.clock,
      ended: (outcome) => this.#recorded.settle(request, outcome),
    });
  }

  #embed(incoming: IncomingMessage, response: ServerResponse): void {
    readBody(incoming, this.#options.bodyLimitBytes, (read) => {
      if (read.kind === 'refused') {
        return sendJson(response, read.status, JSON.stringify({ error: { message: read.reason } }));
      }
      this.#embedded.push(...textsToEmbed(read.body));
      sendJson(response, 200, JSON.stringify(embeddingsBody(read.body)));
    });
  }

  #handleOther(incoming: IncomingMessage, response: ServerResponse, path: string): void {
    incoming.resume();
    const models = [...this.#script.models, ...modelNameForms.map((form) => form.example)];
    const list = incoming.method === 'GET' ? modelListOf(path, models) : undefined;
    if (list !== undefined) return sendJson(response, 200, JSON.stringify(list));
    const message = `The emulator has no ${incoming.method ?? ''} ${path}.`;
    sendJson(
      response,
      404,
      JSON.stringify({ error: { message, type: 'not_found_error', code: 'unknown_url' } }),
    );
  }
}

function scriptFailed(error: unknown): Reply {
  return failure(500, { message: `The script of the emulator failed: ${String(error)}` });
}

function sendJson(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body);
}
