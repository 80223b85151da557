import type { ListToolsInput, ToolDetail, ToolPage } from '@batuta/contract';
import type { CallOptions } from './client-options.ts';
import { pageQuery } from './page-query.ts';
import type { Transport } from './transport.ts';

/** Calls about tools and where they come from. */
export class ToolCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** One page of tools, by reference, and all sources with their problems. */
  list({ source, ...page }: ListToolsInput = {}, options: CallOptions = {}): Promise<ToolPage> {
    return this.#transport.send({
      path: '/v1/tools',
      query: { ...pageQuery(page), ...(source === undefined ? {} : { source }) },
      isRepeatable: true,
      ...options,
    });
  }

  /** One tool by its reference or the name that models see: its arguments, and what the rules say about it. Errors: `tool-unknown`. */
  get(reference: string, options: CallOptions = {}): Promise<ToolDetail> {
    return this.#transport.send({
      path: `/v1/tools/${encodeURIComponent(reference)}`,
      isRepeatable: true,
      ...options,
    });
  }
}
