import type { TenantSettings } from '@batuta/contract';
import type { NewKey } from './access-store.ts';
import type { AuditEntry } from './audit-log.ts';
import type { KeyRecord } from './key-store.ts';

/** A tenant as stored. */
export interface TenantRecord {
  id: string;
  name: string;
  settings: TenantSettings;
  createdAt: number;
  /** Since when nobody of it may enter; null while it is open. */
  disabledAt: number | null;
}

/** What administrators of the platform see of a tenant. */
export type TenantEntryRecord = Omit<TenantRecord, 'settings'>;

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
    audit: (before: TenantRecord, after: TenantRecord) => AuditEntry,
  ): Promise<TenantRecord>;
  /** Every tenant, by id; `after` is the id of the last one of the page before. */
  list(filter: { after?: string; limit: number }): Promise<TenantEntryRecord[]>;
  /** Makes a tenant with the key of its first administrator. Errors: `tenant-exists`. */
  add(
    tenant: { id: string; name: string },
    key: NewKey,
    audit: AuditEntry,
  ): Promise<{ tenant: TenantEntryRecord; key: KeyRecord }>;
  /** Closes or opens a tenant. Errors: `tenant-unknown`. */
  setDisabled(tenantId: string, isDisabled: boolean, audit: AuditEntry): Promise<TenantEntryRecord>;
}
