import type { AuthorizationPage, BegunAuthorization, PageInput } from '@batuta/contract';
import type { CallOptions } from './client-options.ts';
import { pageQuery } from './page-query.ts';
import type { Transport } from './transport.ts';

/** Calls about consents at services elsewhere, by which tools act for people. */
export class AuthorizationCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** One page of consents: administrators see all, others their own. Tokens are never shown. */
  list(page: PageInput = {}, options: CallOptions = {}): Promise<AuthorizationPage> {
    return this.#transport.send({
      path: '/v1/authorizations',
      query: pageQuery(page),
      isRepeatable: true,
      ...options,
    });
  }

  /** Where to consent at a service such as `mcp:tickets`, before a run needs it. */
  begin(service: string, options: CallOptions = {}): Promise<BegunAuthorization> {
    const call = {
      method: 'POST',
      path: '/v1/authorizations',
      body: { service },
      isRepeatable: true,
    } as const;
    return this.#transport.send({ ...call, ...options });
  }

  /** Withdraws a consent. */
  revoke(id: string, options: CallOptions = {}): Promise<void> {
    const path = `/v1/authorizations/${encodeURIComponent(id)}`;
    return this.#transport.send({ method: 'DELETE', path, ...options });
  }
}
