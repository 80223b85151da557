import type {
  Approval,
  ApprovalLink,
  ApprovalLinkList,
  ApprovalPage,
  CreateApprovalLink,
  DecideApproval,
  ListApprovals,
} from '@batuta/contract';
import type { CallOptions } from './client-options.ts';
import type { Transport } from './transport.ts';

/** Calls about approvals. */
export class ApprovalCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** One page of approvals, newest first; `pending`: only those that nobody has decided. */
  list(filter: ListApprovals = {}, options: CallOptions = {}): Promise<ApprovalPage> {
    const query = { ...filter };
    return this.#transport.send({ path: '/v1/approvals', query, isRepeatable: true, ...options });
  }

  /** An approval. */
  get(id: string, options: CallOptions = {}): Promise<Approval> {
    return this.#transport.send({ path: approvalPath(id), isRepeatable: true, ...options });
  }

  /** Decides an approval, once. `approval-decided-already` says what was decided when somebody was faster. */
  decide(id: string, decision: DecideApproval, options: CallOptions = {}): Promise<Approval> {
    return this.#transport.send({ method: 'POST', path: approvalPath(id), body: decision, ...options });
  }

  /** Makes a link by which somebody without a key decides an approval, once. Its address holds a secret and is given only here. */
  createLink(id: string, link: CreateApprovalLink, options: CallOptions = {}): Promise<ApprovalLink> {
    return this.#transport.send({
      method: 'POST',
      path: `${approvalPath(id)}/links`,
      body: link,
      ...options,
    });
  }

  /** Every link of an approval: for whom, and whether it was used or taken back. Never their addresses. */
  links(id: string, options: CallOptions = {}): Promise<ApprovalLinkList> {
    return this.#transport.send({ path: `${approvalPath(id)}/links`, isRepeatable: true, ...options });
  }

  /** Takes a link back: it decides nothing any more. `approval-link-used` when it has decided already. */
  revokeLink(id: string, linkId: string, options: CallOptions = {}): Promise<void> {
    const path = `${approvalPath(id)}/links/${encodeURIComponent(linkId)}`;
    return this.#transport.send({ method: 'DELETE', path, isRepeatable: true, ...options });
  }
}

function approvalPath(id: string): string {
  return `/v1/approvals/${encodeURIComponent(id)}`;
}
