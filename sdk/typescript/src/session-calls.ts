import type { EventPage, ListEvents, PageInput, Session, SessionPage } from '@batuta/contract';
import type { CallOptions } from './client-options.ts';
import { followEvents, type FollowOptions } from './follow-events.ts';
import { pageQuery } from './page-query.ts';
import type { StreamFrame } from './stream-frame.ts';
import { TerminalConnection, type TerminalOptions } from './terminal-connection.ts';
import type { Transport } from './transport.ts';

/** Calls about sessions. */
export class SessionCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** One page of sessions, newest first. */
  list(page: PageInput = {}, options: CallOptions = {}): Promise<SessionPage> {
    return this.#transport.send({
      path: '/v1/sessions',
      query: pageQuery(page),
      isRepeatable: true,
      ...options,
    });
  }

  /** A session. */
  get(id: string, options: CallOptions = {}): Promise<Session> {
    return this.#transport.send({ path: sessionPath(id), isRepeatable: true, ...options });
  }

  /** Deletes a session with its runs, events and files. */
  delete(id: string, options: CallOptions = {}): Promise<void> {
    return this.#transport.send({ method: 'DELETE', path: sessionPath(id), ...options });
  }

  /** Copies a session up to and with the event `at`, or all of it. */
  fork(id: string, at?: number, options: CallOptions = {}): Promise<Session> {
    const body = at === undefined ? {} : { at };
    return this.#transport.send({ method: 'POST', path: `${sessionPath(id)}/fork`, body, ...options });
  }

  /** Events of a session after the one with the number `after`, oldest first, as far as they are written. */
  log(id: string, range: ListEvents = {}, options: CallOptions = {}): Promise<EventPage> {
    const query = { after: numberOf(range.after), limit: numberOf(range.limit) };
    return this.#transport.send({ path: `${sessionPath(id)}/log`, query, isRepeatable: true, ...options });
  }

  /** Where people see the browser of a session, and can take it over. */
  browserPage(id: string): string {
    return this.#transport.address(`/browser/${encodeURIComponent(id)}`);
  }

  /** The WebSocket of its live view; `personInputSchema` and `liveStateSchema` of the contract say what goes over it. */
  browserSocket(id: string): string {
    return this.#transport.address(`${sessionPath(id)}/browser/live`).replace(/^http/, 'ws');
  }

  /**
   * Sits down at a terminal in the sandbox of a session, or at the one that `terminal` names. Errors: what the server says, `server-unreachable`.
   */
  terminal(id: string, options: TerminalOptions): Promise<TerminalConnection> {
    return TerminalConnection.open(this.#transport, `${sessionPath(id)}/terminal`, options);
  }

  /** Frames of a session, until `signal` aborts. */
  events(id: string, options: FollowOptions = {}): AsyncGenerator<StreamFrame> {
    return followEvents(this.#transport, { path: `${sessionPath(id)}/events` }, options);
  }
}

function numberOf(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function sessionPath(id: string): string {
  return `/v1/sessions/${encodeURIComponent(id)}`;
}
