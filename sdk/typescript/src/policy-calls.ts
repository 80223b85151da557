import type { ExplainPolicy, ListPolicies, PolicyExplanation, PolicyPage } from '@batuta/contract';
import type { CallOptions } from './client-options.ts';
import { pageQuery } from './page-query.ts';
import type { Transport } from './transport.ts';

/** Calls about policies. */
export class PolicyCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** One page of the rules in force; `agent`: those for one agent. */
  list(filter: ListPolicies = {}, options: CallOptions = {}): Promise<PolicyPage> {
    const { agent, ...page } = filter;
    const query = { ...pageQuery(page), agent };
    return this.#transport.send({ path: '/v1/policies', query, isRepeatable: true, ...options });
  }

  /** What the rules say about a call, which of them decides, and why. Nothing runs. */
  explain(call: ExplainPolicy, options: CallOptions = {}): Promise<PolicyExplanation> {
    const request = { method: 'POST', path: '/v1/policies/explain', body: call, isRepeatable: true } as const;
    return this.#transport.send({ ...request, ...options });
  }
}
