import type { AgentDetail, AgentPage, PageInput } from '@batuta/contract';
import type { CallOptions } from './client-options.ts';
import { pageQuery } from './page-query.ts';
import type { Transport } from './transport.ts';

/** Calls about agents. */
export class AgentCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** One page of agents, by name. */
  list(page: PageInput = {}, options: CallOptions = {}): Promise<AgentPage> {
    return this.#transport.send({
      path: '/v1/agents',
      query: pageQuery(page),
      isRepeatable: true,
      ...options,
    });
  }

  /** An agent with its definition. */
  get(name: string, options: CallOptions = {}): Promise<AgentDetail> {
    return this.#transport.send({
      path: `/v1/agents/${encodeURIComponent(name)}`,
      isRepeatable: true,
      ...options,
    });
  }
}
