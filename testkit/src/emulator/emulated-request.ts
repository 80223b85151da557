import type { IncomingHttpHeaders } from 'node:http';

import type { JsonObject } from '@batuta/contract';

import type { Conversation, EmulatedMessage, EmulatedTool } from './conversation.ts';
import type { Wire, WireFormat } from './wire.ts';

/**
 * How the answer to a request went. `open`: not ended yet. `answered`: all of it was sent. `cut`: the script broke the
 * connection. `aborted`: the client left before the end.
 */
export type RequestOutcome = 'open' | 'answered' | 'cut' | 'aborted';

/** What came over the wire, before it is understood. */
export interface RawRequest {
  format: WireFormat;
  model: string;
  stream: boolean;
  path: string;
  headers: IncomingHttpHeaders;
  body: JsonObject;
  bodyBytes: number;
}

/** A request that a client sent to the emulator, the same for every wire. */
export class EmulatedRequest {
  /** Place among all requests of the emulator, from 0. */
  readonly index: number;
  readonly wire: Wire;
  readonly model: string;
  readonly stream: boolean;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as the client sent it. */
  readonly body: JsonObject;
  readonly bodyBytes: number;
  /** How its answer went so far. */
  outcome: RequestOutcome = 'open';
  readonly #format: WireFormat;
  #conversation: Conversation | undefined;

  constructor(raw: RawRequest, index: number) {
    this.index = index;
    this.wire = raw.format.wire;
    this.model = raw.model;
    this.stream = raw.stream;
    this.path = raw.path;
    this.headers = raw.headers;
    this.body = raw.body;
    this.bodyBytes = raw.bodyBytes;
    this.#format = raw.format;
  }

  /** All system instructions, joined by an empty line. */
  get system(): string {
    return this.#read().system;
  }

  get messages(): readonly EmulatedMessage[] {
    return this.#read().messages;
  }

  get tools(): readonly EmulatedTool[] {
    return this.#read().tools;
  }

  /** The text of the last message of the user, or the empty text. */
  get lastUserText(): string {
    return this.messages.findLast((message) => message.role === 'user')?.text ?? '';
  }

  /** How many tool results the conversation holds. */
  get toolResultCount(): number {
    return this.messages.reduce((sum, message) => sum + message.toolResults.length, 0);
  }

  #read(): Conversation {
    this.#conversation ??= this.#format.read(this.body);
    return this.#conversation;
  }
}
