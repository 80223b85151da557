import { BatutaError, tenantSettingsSchema, type JsonObject, type TenantSettings } from '@batuta/contract';
import { z } from 'zod';
import type { NewKey } from '../../port/access-store.ts';
import type { AuditEntry } from '../../port/audit-log.ts';
import type { KeyRecord } from '../../port/key-store.ts';
import type { TenantEntryRecord, TenantRecord, TenantStore } from '../../port/tenant-store.ts';
import { addKeyQuery, toMadeKey } from './key-row.ts';
import { appendAudit } from './statement/append-audit.ts';
import {
  addTenant,
  changeTenant,
  listTenants,
  lockTenant,
  readTenant,
  switchTenant,
  type TenantEntryRow,
  type TenantRow,
} from './statement/tenant.ts';
import { storableText } from './storable-text.ts';
import type { Transactor } from './transactor.ts';

/** Leaves out what only a later version knows, so that an older process can work beside it. */
const storedSettingsSchema = z.object(tenantSettingsSchema.shape);

/** Tenants in a PostgreSQL database, embedded or not. */
export class SqlTenantStore implements TenantStore {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async settings(tenantId: string): Promise<TenantSettings> {
    return (await this.get(tenantId))?.settings ?? {};
  }

  async get(tenantId: string): Promise<TenantRecord | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readTenant(tenantId));
    return row && toTenantRecord(row);
  }

  async change(
    tenantId: string,
    change: (present: TenantRecord) => Pick<TenantRecord, 'name' | 'settings'>,
    audit: (before: TenantRecord, after: TenantRecord) => AuditEntry,
  ): Promise<TenantRecord> {
    return await this.#transactor.transaction({ tenant: tenantId }, async (execute) => {
      const [present] = await execute(lockTenant(tenantId));
      if (!present) throw new BatutaError('tenant-unknown', { id: tenantId });
      const before = toTenantRecord(present);
      const { name, settings } = change(before);
      // What a later version has set stays as it is.
      const kept = { ...unknownTo(present.settings), ...settings };
      const [changed] = await execute(changeTenant(tenantId, storableText(name), JSON.stringify(kept)));
      const after = toTenantRecord(changed ?? present);
      await execute(appendAudit(audit(before, after)));
      return after;
    });
  }

  async list(filter: { after?: string; limit: number }): Promise<TenantEntryRecord[]> {
    const rows = await this.#transactor.read('system', listTenants(filter.after ?? '', filter.limit));
    return rows.map(toTenantEntry);
  }

  async add(
    tenant: { id: string; name: string },
    key: NewKey,
    audit: AuditEntry,
  ): Promise<{ tenant: TenantEntryRecord; key: KeyRecord }> {
    return await this.#transactor.transaction({ tenant: tenant.id }, async (execute) => {
      const [row] = await execute(addTenant(tenant.id, storableText(tenant.name)));
      if (!row) throw new BatutaError('tenant-exists', { id: tenant.id });
      const stored = await execute(addKeyQuery(key));
      await execute(appendAudit(audit));
      return { tenant: toTenantEntry(row), key: toMadeKey(stored, key.id) };
    });
  }

  async setDisabled(tenantId: string, isDisabled: boolean, audit: AuditEntry): Promise<TenantEntryRecord> {
    return await this.#transactor.transaction({ tenant: tenantId }, async (execute) => {
      const [row] = await execute(switchTenant(tenantId, isDisabled));
      if (!row) throw new BatutaError('tenant-unknown', { id: tenantId });
      await execute(appendAudit(audit));
      return toTenantEntry(row);
    });
  }
}

function unknownTo(settings: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(settings).filter(([key]) => !Object.hasOwn(tenantSettingsSchema.shape, key)),
  );
}

function toTenantRecord(row: TenantRow): TenantRecord {
  const settings = storedSettingsSchema.safeParse(row.settings);
  if (!settings.success) {
    const reason = z.prettifyError(settings.error).slice(0, 500);
    throw new BatutaError('tenant-settings-unreadable', { id: row.tenant_id, reason });
  }
  return { ...toTenantEntry(row), settings: settings.data };
}

function toTenantEntry(row: TenantEntryRow): TenantEntryRecord {
  return { id: row.tenant_id, name: row.name, createdAt: row.created_at, disabledAt: row.disabled_at };
}
