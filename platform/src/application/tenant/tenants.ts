import {
  BatutaError,
  type CreateTenant,
  type MadeTenant,
  type ChangeTenantEntry,
  type TenantEntry,
} from '@batuta/contract';
import type { TenantEntryRecord, TenantStore } from '../../port/tenant-store.ts';
import type { AccessDependencies } from '../access/access-dependencies.ts';
import type { Identity } from '../access/identity.ts';
import { checkPlanName } from './own-tenant.ts';
import type { TenantSettingsReader } from '../access/tenant-settings.ts';
import { newKey } from '../access/issue-key.ts';
import { renderKey } from '../access/render-key.ts';
import { makeKey } from '../access/secret.ts';
import type { Page, PageRequest } from '../application.ts';
import { auditEntry } from '../audit/audit-entry.ts';
import { pageOf, readPageCursor } from '../page.ts';
import { instant } from '../run/render-run.ts';

/** What looking after tenants needs. */
export interface TenantsContext extends Pick<
  AccessDependencies,
  'ids' | 'clock' | 'randomBytes' | 'platformTenant'
> {
  tenants: TenantStore;
  tenantSettings: TenantSettingsReader;
  limits: { planNames: readonly string[] };
}

/** All tenants, by id. Errors: `cursor-invalid`. */
export async function listTenants(
  { tenants }: TenantsContext,
  page: PageRequest,
): Promise<Page<TenantEntry>> {
  const after = readPageCursor(page.cursor);
  const records = await tenants.list({
    limit: page.limit + 1,
    ...(after === undefined ? {} : { after }),
  });
  return pageOf(records, page.limit, { render: renderEntry, key: ({ id }) => id });
}

/** Makes a tenant and the key of its first administrator, known only in this answer. Errors: `tenant-exists`. */
export async function createTenant(
  context: TenantsContext,
  identity: Identity,
  { id, name }: CreateTenant,
): Promise<MadeTenant> {
  const secret = makeKey(context.randomBytes);
  const grant = { name: 'administrator', role: 'administrator', scopes: ['*'], expiresAt: null } as const;
  const key = newKey(context.ids.create('apiKey'), secret, { tenantId: id, ...grant });
  const entry = auditEntry(identity, {
    action: 'tenant-created',
    target: id,
    after: { name, key_id: key.id },
  });
  const made = await context.tenants.add({ id, name }, key, entry);
  return { tenant: renderEntry(made.tenant), key: { ...renderKey(context, made.key), key: secret } };
}

/**
 * Closes or opens a tenant, or gives it a plan. Runs of a closed one that are under way end by themselves. Errors: `tenant-unknown`,
 * `tenant-needed`, `request-invalid`.
 */
export async function changeTenant(
  context: TenantsContext,
  identity: Identity,
  { id, body }: { id: string; body: ChangeTenantEntry },
): Promise<TenantEntry> {
  const { disabled, plan } = body;
  if (disabled && id === context.platformTenant) throw new BatutaError('tenant-needed', { id });
  if (plan !== undefined) await givePlan(context, identity, { id, plan });
  if (disabled !== undefined) {
    const action = disabled ? 'tenant-disabled' : 'tenant-enabled';
    const entry = auditEntry(identity, { action, target: id });
    return renderEntry(await context.tenants.setDisabled(id, disabled, entry));
  }
  const tenant = await context.tenants.get(id);
  if (!tenant) throw new BatutaError('tenant-unknown', { id });
  return renderEntry(tenant);
}

async function givePlan(
  { tenants, limits, tenantSettings }: TenantsContext,
  identity: Identity,
  { id, plan }: { id: string; plan: string | null },
): Promise<void> {
  checkPlanName(limits.planNames, plan, 'body.plan');
  await tenants.change(
    id,
    ({ name, settings }) => ({ name, settings: { ...settings, plan: plan ?? undefined } }),
    (before, after) =>
      auditEntry(identity, {
        action: 'tenant-changed',
        target: id,
        before: { plan: before.settings.plan ?? null },
        after: { plan: after.settings.plan ?? null },
      }),
  );
  tenantSettings.forget(id);
}

function renderEntry({ id, name, createdAt, disabledAt }: TenantEntryRecord): TenantEntry {
  const disabled = disabledAt === null ? null : instant(disabledAt);
  return { id, name, created_at: instant(createdAt), disabled_at: disabled };
}
