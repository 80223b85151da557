import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from 'hono';
import type { Identity } from '../../application/access/identity.ts';
import type { AdmittedSocket } from '../socket/open-sockets.ts';
import type { Door } from './door.ts';
import type { AccessNote } from './security/access-note.ts';

/** Goes with a request that wants to become a WebSocket. The endpoint that admits it fills it in; otherwise it is answered like any request. */
export interface Upgrade {
  admitted?: AdmittedSocket;
}

/** What the runtime hands over besides the request: only Node.js has the raw response. */
export interface HttpEnvironment {
  Bindings: { incoming?: IncomingMessage; outgoing?: ServerResponse; upgrade?: Upgrade };
}

/** One request on its way to its answer. */
export interface Exchange {
  door: Door;
  context: Context<HttpEnvironment>;
  /** Network address of the client; null where the runtime does not tell. */
  address: string | null;
  /** Headers that every answer to this request carries; what is found out on the way is added. */
  headers: Record<string, string>;
  /** What `WWW-Authenticate` says to who was not let in; absent: `Bearer`. */
  challenge?: string;
  /** Kept while the request is answered, for the audit log. */
  note: AccessNote;
}

/** An exchange whose parts have been checked. */
export interface CheckedExchange<P, Q, B> extends Exchange {
  identity: Identity;
  params: P;
  query: Q;
  body: B;
}
