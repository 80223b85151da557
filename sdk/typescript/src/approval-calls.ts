import type { Approval, ApprovalPage, DecideApproval, PageInput } from '@batuta/contract';
import type { CallOptions } from './client-options.ts';
import { pageQuery } from './page-query.ts';
import type { Transport } from './transport.ts';

/** Calls about approvals. */
export class ApprovalCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** One page of approvals, newest first; `pending`: only those that nobody has decided. */
  list(filter: PageInput & { pending?: boolean } = {}, options: CallOptions = {}): Promise<ApprovalPage> {
    const query = { ...pageQuery(filter), pending: filter.pending };
    return this.#transport.send({ path: '/v1/approvals', query, isRepeatable: true, ...options });
  }

  /** An approval. */
  get(id: string, options: CallOptions = {}): Promise<Approval> {
    return this.#transport.send({ path: approvalPath(id), isRepeatable: true, ...options });
  }

  /** Decides an approval, once. */
  decide(id: string, decision: DecideApproval, options: CallOptions = {}): Promise<Approval> {
    return this.#transport.send({ method: 'POST', path: approvalPath(id), body: decision, ...options });
  }
}

function approvalPath(id: string): string {
  return `/v1/approvals/${encodeURIComponent(id)}`;
}
