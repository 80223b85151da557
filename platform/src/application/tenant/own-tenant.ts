import {
  BatutaError,
  tenantSettingsSchema,
  type ChangeTenant,
  type Tenant,
  type TenantSettings,
} from '@batuta/contract';
import type { TenantRecord, TenantStore } from '../../port/tenant-store.ts';
import type { Identity } from '../access/identity.ts';
import type { TenantSettingsReader } from '../access/tenant-settings.ts';
import { instant } from '../run/render-run.ts';

/** The tenant of the one who asks. Errors: `tenant-unknown`. */
export async function getOwnTenant(store: TenantStore, { tenantId }: Identity): Promise<Tenant> {
  const record = await store.get(tenantId);
  if (!record) throw new BatutaError('tenant-unknown', { id: tenantId });
  return renderTenant(record);
}

/** Changes name and settings of the own tenant. Errors: `tenant-unknown`, `request-invalid`. */
export async function changeOwnTenant(
  context: { store: TenantStore; settings: TenantSettingsReader },
  { tenantId }: Identity,
  change: ChangeTenant,
): Promise<Tenant> {
  const changed = await context.store.change(tenantId, (present) => ({
    name: change.name ?? present.name,
    settings: change.settings ? mergeSettings(present.settings, change.settings) : present.settings,
  }));
  context.settings.forget(tenantId);
  return renderTenant(changed);
}

/** The present settings with those of the request in their place; null removes one. */
function mergeSettings(
  present: TenantSettings,
  named: NonNullable<ChangeTenant['settings']>,
): TenantSettings {
  const merged = Object.entries({ ...present, ...named }).filter(([, value]) => value !== null);
  const result = tenantSettingsSchema.safeParse(Object.fromEntries(merged));
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => ({
    path: ['body', 'settings', ...path.map(String)].join('.').slice(0, 200),
    message: message.slice(0, 300),
  }));
  const [first] = issues;
  throw new BatutaError('request-invalid', { summary: `${first?.path}: ${first?.message}`, issues });
}

function renderTenant({ id, name, settings, createdAt }: TenantRecord): Tenant {
  return { id, name, settings, created_at: instant(createdAt) };
}
