import type { Dispatcher } from 'undici';
import { AnswerBody } from './answer-body.ts';
import { createLineReader } from './check-lines.ts';
import { createDeltaMerger } from './merge-deltas.ts';
import type { StreamPace } from './pace.ts';
import { plainPieces, type PieceReader } from './piece-reader.ts';

/** A post to a provider. */
export interface SentRequest {
  origin: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  signal: AbortSignal | null;
}

type AnswerFields = Readonly<Record<string, string | string[] | undefined>>;

/**
 * One request and its answer, straight from undici's parser: no stream of Node, no async iterator between the socket and the body.
 *
 * States: *sent*; *answered* (the answer's headers are there and its body arrives); *over*. An abort ends it in any of them.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<Response>;
  readonly #request: SentRequest;
  readonly #pace: StreamPace;
  readonly #settle: PromiseWithResolvers<Response>;
  #controller: Dispatcher.DispatchController | undefined;
  #body: AnswerBody | undefined;
  readonly #abort = (): void => {
    const reason = reasonOf(this.#request.signal);
    this.#settle.reject(reason);
    this.#controller?.abort(reason);
  };

  constructor(request: SentRequest, pace: StreamPace) {
    this.#request = request;
    this.#pace = pace;
    this.#settle = Promise.withResolvers();
    this.answer = this.#settle.promise;
    request.signal?.addEventListener('abort', this.#abort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#request.signal?.aborted === true) this.#abort();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, answered: AnswerFields): void {
    if (status < 200) return;
    const fields = toHeaders(answered);
    const isBodyless = status === 204 || status === 205 || status === 304;
    if (!isBodyless)
      this.#body = new AnswerBody(controller, readerOf(fields.get('content-type') ?? ''), this.#pace);
    this.#settle.resolve(new Response(this.#body?.stream ?? null, { status, headers: fields }));
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body?.add(chunk);
  }

  onResponseEnd(): void {
    this.#close();
    this.#body?.end();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#close();
    this.#settle.reject(error);
    this.#body?.fail(error);
  }

  #close(): void {
    this.#request.signal?.removeEventListener('abort', this.#abort);
  }
}

function toHeaders(answered: AnswerFields): Headers {
  const fields = new Headers();
  for (const [name, value] of Object.entries(answered)) {
    if (value !== undefined) fields.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return fields;
}

function reasonOf(signal: AbortSignal | null): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException(String(reason), 'AbortError');
}

function readerOf(contentType: string): PieceReader {
  if (contentType.includes('text/event-stream')) return createDeltaMerger();
  return contentType.includes('ndjson') ? createLineReader() : plainPieces;
}
