import type { AcceptedRunBody, CreateRun, ListRuns, Run, RunInput, RunPage } from '@batuta/contract';
import type { CallOptions } from './client-options.ts';
import { followEvents, type FollowOptions } from './follow-events.ts';
import type { StreamFrame } from './stream-frame.ts';
import type { Transport } from './transport.ts';

/** A run to be started in the background. */
export type NewRun = Omit<CreateRun, 'wait' | 'stream'>;

/** How a run is started. */
export interface CreateRunOptions extends CallOptions {
  /** Made anew for each call when absent, so that its own retries cannot start a second run. */
  idempotencyKey?: string;
}

/** Calls about runs. */
export class RunCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Starts a run. It is durable when this returns. Safe to repeat: a lost answer does not start a second one. */
  create(run: NewRun, options: CreateRunOptions = {}): Promise<AcceptedRunBody> {
    const { idempotencyKey = globalThis.crypto.randomUUID(), ...call } = options;
    const headers = { 'idempotency-key': idempotencyKey };
    return this.#transport.send({
      method: 'POST',
      path: '/v1/runs',
      body: run,
      headers,
      isRepeatable: true,
      ...call,
    });
  }

  /** A run as it is now. */
  get(id: string, options: CallOptions = {}): Promise<Run> {
    return this.#transport.send({ path: runPath(id), isRepeatable: true, ...options });
  }

  /** One page of runs, newest first. */
  list(filter: ListRuns = {}, options: CallOptions = {}): Promise<RunPage> {
    const { session_id, status, cursor, limit } = filter;
    const query = { session_id, status, cursor, limit: limit === undefined ? undefined : Number(limit) };
    return this.#transport.send({ path: '/v1/runs', query, isRepeatable: true, ...options });
  }

  /** The run when it has ended, however long that takes; as it is then when `signal` aborts. */
  async wait(id: string, options: FollowOptions = {}): Promise<Run> {
    const frames = this.events(id, options);
    for (let next = await frames.next(); !next.done;) next = await frames.next();
    return this.get(id);
  }

  /** Cancels a run and its children. */
  cancel(id: string, reason?: string, options: CallOptions = {}): Promise<Run> {
    const body = reason === undefined ? {} : { reason };
    return this.#transport.send({ method: 'POST', path: `${runPath(id)}/cancel`, body, ...options });
  }

  /** Says something to a run: steers it, or answers its question. */
  addMessage(id: string, input: RunInput, options: CallOptions = {}): Promise<Run> {
    return this.#transport.send({
      method: 'POST',
      path: `${runPath(id)}/messages`,
      body: { input },
      ...options,
    });
  }

  /** Goes on with a failed run from its last good turn. */
  retry(id: string, options: CallOptions = {}): Promise<Run> {
    return this.#transport.send({ method: 'POST', path: `${runPath(id)}/retry`, body: {}, ...options });
  }

  /** Frames of a run, until it ends. Broken connections are taken up again at the place where they broke. */
  events(id: string, options: FollowOptions = {}): AsyncGenerator<StreamFrame> {
    return followEvents(this.#transport, { path: `${runPath(id)}/events`, runId: id }, options);
  }
}

function runPath(id: string): string {
  return `/v1/runs/${encodeURIComponent(id)}`;
}
