import type { JsonObject } from '@batuta/contract';
import { statement } from '../statement.ts';

/** A row of `tenants`. */
export interface TenantRow {
  tenant_id: string;
  name: string;
  settings: JsonObject;
  created_at: number;
  disabled_at: number | null;
}

const columns = 'tenant_id, name, settings, created_at, disabled_at';

/** One tenant. */
export const readTenant = statement<TenantRow, readonly [tenantId: string]>(
  'read-tenant',
  `select ${columns} from tenants where tenant_id = $1`,
);

/** One tenant, kept from being changed by others until the transaction ends. */
export const lockTenant = statement<TenantRow, readonly [tenantId: string]>(
  'lock-tenant',
  `select ${columns} from tenants where tenant_id = $1 for update`,
);

/** Changes the name and the settings of a tenant. */
export const changeTenant = statement<TenantRow, readonly [tenantId: string, name: string, settings: string]>(
  'change-tenant',
  `update tenants set name = $2, settings = $3::json where tenant_id = $1 returning ${columns}`,
);
