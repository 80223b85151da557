import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { BatutaError, type CreateRun } from '@batuta/contract';
import { FakeRun } from './fake-run.ts';

/** A call that the fake API received. */
export interface ReceivedCall {
  /** Method and path, such as `POST /v1/runs`. */
  call: string;
  body: unknown;
  key: string | undefined;
}

/** The API as scripted by a test, over real HTTP. */
export class FakeApi {
  readonly runs: FakeRun[] = [];
  readonly calls: ReceivedCall[] = [];
  /** Answers of calls other than those about runs, by method and path; an error is answered as a problem. */
  readonly answers: Record<string, unknown> = {
    'GET /health': { status: 'ok', version: '0.1.0' },
    'GET /v1/agents': {
      items: [{ name: 'assistant', description: 'General.', models: ['offline/extractive'], tools: [] }],
      next_cursor: null,
    },
  };
  readonly #server = createServer((request, response) => void this.#handle(request, response));
  readonly #listeners = new Set<() => void>();

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The run that the nth `POST /v1/runs` made, once there is one. */
  async run(index = 0): Promise<FakeRun> {
    await this.#until(() => this.runs[index] !== undefined);
    return this.runs[index]!;
  }

  /** The first call to this method and path, once there is one. */
  async received(call: string): Promise<ReceivedCall> {
    const find = () => this.calls.find((one) => one.call === call);
    await this.#until(() => find() !== undefined);
    return find()!;
  }

  #until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        this.#listeners.delete(look);
        resolve();
      };
      this.#listeners.add(look);
      look();
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = ''] = (request.url ?? '').split('?');
    const call = `${request.method} ${path}`;
    const sent = await text(request);
    const body: unknown = sent === '' ? undefined : JSON.parse(sent);
    const answer = this.#answer(call, { body, request, response });
    this.calls.push({ call, body, key: request.headers.authorization });
    if (answer instanceof BatutaError) sendProblem(response, answer);
    else if (answer !== streaming) sendJson(response, 200, answer);
    for (const look of this.#listeners) look();
  }

  #answer(call: string, exchange: { body: unknown; request: IncomingMessage; response: ServerResponse }) {
    const { body, request, response } = exchange;
    const scripted = this.answers[call];
    if (scripted !== undefined) return scripted;
    if (call === 'POST /v1/runs') return this.#accept(body as CreateRun);
    const [, id, rest = ''] = /^\w+ \/v1\/runs\/(\w+)(\/\w+)?$/.exec(call) ?? [];
    const run = this.runs.find((one) => one.id === id);
    if (run === undefined) return new BatutaError('run-unknown', { id: id ?? call });
    if (rest !== '/events') return run.view();
    run.stream(response, request.headers['last-event-id']?.toString());
    return streaming;
  }

  #accept(body: CreateRun): unknown {
    const run = new FakeRun(`run_${this.runs.length + 1}`, body.session_id ?? 'ses_1', body);
    this.runs.push(run);
    return { id: run.id, session_id: run.sessionId, status: 'queued' };
  }
}

const streaming = Symbol('streaming');

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendProblem(response: ServerResponse, error: BatutaError): void {
  sendJson(response, error.status, {
    type: `/errors/${error.code}`,
    title: error.code,
    status: error.status,
    detail: error.message,
    code: error.code,
    data: error.data,
  });
}
