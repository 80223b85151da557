import type { CallOptions } from './client-options.ts';
import type { Transport } from './transport.ts';

/** Calls about backups. */
export class BackupCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Makes a backup of the whole platform; the answer's body is the compressed file, as long as `content-length` says. */
  create(options: CallOptions = {}): Promise<Response> {
    return this.#transport.open({ method: 'POST', path: '/v1/backups', ...options });
  }
}
