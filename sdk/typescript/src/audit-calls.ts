import type { AuditLogFilter, AuditPage, AuditVerification, ListAudit, VerifyAudit } from '@batuta/contract';
import type { CallOptions } from './client-options.ts';
import type { Transport } from './transport.ts';

/** Calls about the audit log. */
export class AuditCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** One page of what was done, newest first. */
  list({ limit, ...filter }: ListAudit = {}, options: CallOptions = {}): Promise<AuditPage> {
    const query = { ...filter, limit: limit === undefined ? undefined : Number(limit) };
    return this.#transport.send({ path: '/v1/audit', query, isRepeatable: true, ...options });
  }

  /** Finds out whether the log is as it was written; `anchors` are heads that were kept outside: `<seq>:<hash>`. */
  verify(request: VerifyAudit = {}, options: CallOptions = {}): Promise<AuditVerification> {
    return this.#transport.send({ path: '/v1/audit/verification', query: { ...request }, ...options });
  }

  /** The log, oldest first; the answer's body has one JSON object a line. */
  export(filter: AuditLogFilter = {}, options: CallOptions = {}): Promise<Response> {
    return this.#transport.open({ path: '/v1/audit/export', query: { ...filter }, ...options });
  }
}
