import { BatutaError, tenantSettingsSchema, type JsonObject, type TenantSettings } from '@batuta/contract';
import { z } from 'zod';
import type { TenantRecord, TenantStore } from '../../port/tenant-store.ts';
import { changeTenant, lockTenant, readTenant, type TenantRow } from './statement/tenant.ts';
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
  ): Promise<TenantRecord> {
    const row = await this.#transactor.transaction({ tenant: tenantId }, async (execute) => {
      const [present] = await execute(lockTenant(tenantId));
      if (!present) throw new BatutaError('tenant-unknown', { id: tenantId });
      const { name, settings } = change(toTenantRecord(present));
      // What a later version has set stays as it is.
      const kept = { ...unknownTo(present.settings), ...settings };
      const [changed] = await execute(changeTenant(tenantId, storableText(name), JSON.stringify(kept)));
      return changed ?? present;
    });
    return toTenantRecord(row);
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
  return {
    id: row.tenant_id,
    name: row.name,
    settings: settings.data,
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
  };
}
