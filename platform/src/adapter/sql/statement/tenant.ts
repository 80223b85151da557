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

/** A row of `tenants` without what the tenant has set. */
export type TenantEntryRow = Omit<TenantRow, 'settings'>;

const entryColumns = 'tenant_id, name, created_at, disabled_at';

/** Tenants by id, after one. */
export const listTenants = statement<TenantEntryRow, readonly [after: string, limit: number]>(
  'list-tenants',
  `select ${entryColumns} from tenants where tenant_id > $1 order by tenant_id limit $2`,
);

/** Makes a tenant; no row comes back where there is one of this id. */
export const addTenant = statement<TenantEntryRow, readonly [tenantId: string, name: string]>(
  'add-tenant',
  `insert into tenants (tenant_id, name) values ($1, $2) on conflict do nothing returning ${entryColumns}`,
);

/** Closes or opens a tenant. */
export const switchTenant = statement<TenantEntryRow, readonly [tenantId: string, isDisabled: boolean]>(
  'switch-tenant',
  `update tenants set disabled_at = case when $2 then coalesce(disabled_at, now()) end
   where tenant_id = $1 returning ${entryColumns}`,
);

/** Changes the name and the settings of a tenant. */
export const changeTenant = statement<TenantRow, readonly [tenantId: string, name: string, settings: string]>(
  'change-tenant',
  `update tenants set name = $2, settings = $3::json where tenant_id = $1 returning ${columns}`,
);
