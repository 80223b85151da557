import type { Limits } from '@batuta/contract';
import type { CallOptions } from './client-options.ts';
import type { Transport } from './transport.ts';

/** Calls about limits. */
export class LimitCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The limits of whoever asks, and what is left of them. Does not count as a request. */
  get(options: CallOptions = {}): Promise<Limits> {
    return this.#transport.send({ path: '/v1/limits', isRepeatable: true, ...options });
  }
}
