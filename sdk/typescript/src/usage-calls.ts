import type { Projection, ProjectionQuery, UsageInput, UsageReport } from '@batuta/contract';
import type { CallOptions } from './client-options.ts';
import type { Transport } from './transport.ts';

/** Calls about what was used and what it cost. */
export class UsageCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** What was used, by default in the present month and by day. */
  report(filter: UsageInput = {}, options: CallOptions = {}): Promise<UsageReport> {
    const query = { ...filter, group_by: filter.group_by?.join(',') };
    return this.#transport.send({ path: '/v1/usage', query, isRepeatable: true, ...options });
  }

  /** What so many requests would cost. */
  project(query: ProjectionQuery, options: CallOptions = {}): Promise<Projection> {
    return this.#transport.send({
      path: '/v1/usage/projection',
      query: { ...query },
      isRepeatable: true,
      ...options,
    });
  }
}
