import type {
  ChangeTenant,
  ChangeTenantEntry,
  CreateTenant,
  MadeTenant,
  PageInput,
  Tenant,
  TenantEntry,
  TenantPage,
} from '@batuta/contract';
import type { CallOptions } from './client-options.ts';
import { pageQuery } from './page-query.ts';
import type { Transport } from './transport.ts';

/** Calls about the own tenant and, for administrators of the platform, about all. */
export class TenantCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The own tenant and its settings. */
  own(options: CallOptions = {}): Promise<Tenant> {
    return this.#transport.send({ path: '/v1/tenant', isRepeatable: true, ...options });
  }

  /** Changes the own tenant. Settings that are named replace the present ones; null puts the default back. */
  changeOwn(change: ChangeTenant, options: CallOptions = {}): Promise<Tenant> {
    return this.#transport.send({ method: 'PATCH', path: '/v1/tenant', body: change, ...options });
  }

  /** One page of all tenants, by id. */
  list(page: PageInput = {}, options: CallOptions = {}): Promise<TenantPage> {
    return this.#transport.send({
      path: '/v1/tenants',
      query: pageQuery(page),
      isRepeatable: true,
      ...options,
    });
  }

  /** Makes a tenant and the key of its first administrator. Only this answer holds the key. */
  create(tenant: CreateTenant, options: CallOptions = {}): Promise<MadeTenant> {
    return this.#transport.send({ method: 'POST', path: '/v1/tenants', body: tenant, ...options });
  }

  /** Disables, enables or gives a plan to a tenant. */
  change(id: string, change: ChangeTenantEntry, options: CallOptions = {}): Promise<TenantEntry> {
    const path = `/v1/tenants/${encodeURIComponent(id)}`;
    return this.#transport.send({ method: 'PATCH', path, body: change, ...options });
  }
}
