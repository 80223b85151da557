import type { ArtifactPage, ListArtifacts } from '@batuta/contract';
import type { CallOptions } from './client-options.ts';
import { pageQuery } from './page-query.ts';
import type { Transport } from './transport.ts';

/** Calls about files that runs were given or made. */
export class ArtifactCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** One page of files, newest first; their content is not part of it. */
  list(filter: ListArtifacts = {}, options: CallOptions = {}): Promise<ArtifactPage> {
    const { session_id, run_id, ...page } = filter;
    const query = { ...pageQuery(page), session_id, run_id };
    return this.#transport.send({ path: '/v1/artifacts', query, isRepeatable: true, ...options });
  }
}
