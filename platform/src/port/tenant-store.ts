import type { TenantSettings } from '@batuta/contract';

/** A tenant as stored. */
export interface TenantRecord {
  id: string;
  name: string;
  settings: TenantSettings;
  createdAt: number;
  /** Since when nobody of it may enter; null while it is open. */
  disabledAt: number | null;
}

/** Tenants and what each has set for itself. */
export interface TenantStore {
  /** What the tenant has set; nothing for one that does not exist. Errors: `tenant-settings-unreadable`. */
  settings(tenantId: string): Promise<TenantSettings>;
  get(tenantId: string): Promise<TenantRecord | undefined>;
  /**
   * Changes a tenant, with nobody else changing it meanwhile: `change` gets it as it is and gives it as it shall be. Contract of
   * `change`: pure, and may throw, which changes nothing. Errors: `tenant-unknown`.
   */
  change(
    tenantId: string,
    change: (present: TenantRecord) => Pick<TenantRecord, 'name' | 'settings'>,
  ): Promise<TenantRecord>;
}
