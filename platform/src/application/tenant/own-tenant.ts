import {
  BatutaError,
  tenantSettingsSchema,
  type ChangeTenant,
  type Tenant,
  type TenantSettings,
} from '@batuta/contract';
import { faultsOfRules } from '../../domain/policy/rule-faults.ts';
import type { ToolCatalogue } from '../../port/tool.ts';
import type { TenantRecord, TenantStore } from '../../port/tenant-store.ts';
import { auditEntry, detailOf } from '../audit/audit-entry.ts';
import type { Identity } from '../access/identity.ts';
import type { TenantSettingsReader } from '../access/tenant-settings.ts';
import { instant } from '../run/render-run.ts';
import { unknownToolsOf } from './unknown-tools-of.ts';

/** The tenant of the one who asks. Errors: `tenant-unknown`. */
export async function getOwnTenant(store: TenantStore, { tenantId }: Identity): Promise<Tenant> {
  const record = await store.get(tenantId);
  if (!record) throw new BatutaError('tenant-unknown', { id: tenantId });
  return renderTenant(record);
}

/** What changing the own tenant needs. */
interface OwnTenantContext {
  store: TenantStore;
  settings: TenantSettingsReader;
  limits: { planNames: readonly string[] };
  tools: ToolCatalogue;
}

/** Changes name and settings of the own tenant. Errors: `tenant-unknown`, `request-invalid`, `permission-missing`. */
export async function changeOwnTenant(
  context: OwnTenantContext,
  identity: Identity,
  change: ChangeTenant,
): Promise<Tenant> {
  const { tenantId } = identity;
  checkPlan(context.limits.planNames, identity, change.settings?.['plan']);
  checkPolicy(identity, change.settings?.['policy']);
  const changed = await context.store.change(
    tenantId,
    (present) => ({
      name: change.name ?? present.name,
      settings: change.settings
        ? mergeSettings(context.tools, present.settings, change.settings)
        : present.settings,
    }),
    (before, after) =>
      auditEntry(identity, {
        action: 'tenant-changed',
        target: tenantId,
        before: detailOf({ name: before.name, settings: before.settings }),
        after: detailOf({ name: after.name, settings: after.settings }),
      }),
  );
  context.settings.forget(tenantId);
  return renderTenant(changed);
}

/** A tenant does not choose by itself how much it may use. */
function checkPlan(names: readonly string[], { scopes }: Identity, plan: unknown): void {
  if (plan === undefined) return;
  if (!scopes.has('tenants:write')) throw new BatutaError('permission-missing', { scope: 'tenants:write' });
  checkPlanName(names, plan, 'body.settings.plan');
}

/** Whoever may change settings need not be one who may say what agents do. */
function checkPolicy({ scopes }: Identity, policy: unknown): void {
  if (policy === undefined || scopes.has('policies:write')) return;
  throw new BatutaError('permission-missing', { scope: 'policies:write' });
}

/** Errors: `request-invalid`. */
export function checkPlanName(names: readonly string[], plan: unknown, path: string): void {
  if (plan === null || (typeof plan === 'string' && names.includes(plan))) return;
  const message = `must be a plan of limits.plans: ${names.join(', ')}`;
  throw new BatutaError('request-invalid', { summary: `${path} ${message}`, issues: [{ path, message }] });
}

/** The present settings with those of the request in their place; null removes one. */
function mergeSettings(
  tools: ToolCatalogue,
  present: TenantSettings,
  named: NonNullable<ChangeTenant['settings']>,
): TenantSettings {
  const merged = Object.entries({ ...present, ...named }).filter(([, value]) => value !== null);
  const result = tenantSettingsSchema.safeParse(Object.fromEntries(merged));
  if (!result.success) throw refused(result.error.issues);
  // Only rules that are set now: what was a tool when a rule was written may be gone.
  const rules = named['policy'] ? (result.data.policy?.rules ?? []) : [];
  const faults = [...faultsOfRules(rules), ...unknownToolsOf(tools, rules)];
  if (faults.length === 0) return result.data;
  throw refused(faults.map(({ path, reason }) => ({ path: ['policy', 'rules', ...path], message: reason })));
}

function refused(found: readonly { path: readonly PropertyKey[]; message: string }[]): BatutaError {
  const issues = found.map(({ path, message }) => ({
    path: ['body', 'settings', ...path.map(String)].join('.').slice(0, 200),
    message: message.slice(0, 300),
  }));
  const [first] = issues;
  return new BatutaError('request-invalid', { summary: `${first?.path}: ${first?.message}`, issues });
}

function renderTenant({ id, name, settings, createdAt }: TenantRecord): Tenant {
  return { id, name, settings, created_at: instant(createdAt) };
}
