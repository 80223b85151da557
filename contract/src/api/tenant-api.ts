import { z } from 'zod';
import { tenantIdSchema } from '../id.ts';
import { jsonValueSchema } from '../json.ts';
import { madeKeySchema } from './access-api.ts';
import { tenantSettingsSchema } from '../tenant.ts';

const tenantNameSchema = z.string().trim().min(1).max(200);

/** A tenant as the API shows it to its own people. */
export const tenantSchema = z.strictObject({
  id: tenantIdSchema,
  name: z.string(),
  settings: tenantSettingsSchema,
  created_at: z.iso.datetime(),
});
/** A tenant as the API shows it. */
export type Tenant = z.infer<typeof tenantSchema>;

/** A tenant as an administrator of the platform sees it. */
export const tenantEntrySchema = z.strictObject({
  id: tenantIdSchema,
  name: z.string(),
  created_at: z.iso.datetime(),
  /** Since when nobody of it may enter. */
  disabled_at: z.iso.datetime().nullable(),
});
/** A tenant as an administrator of the platform sees it. */
export type TenantEntry = z.infer<typeof tenantEntrySchema>;

/** One page of tenants, by id. */
export const tenantPageSchema = z.strictObject({
  items: z.array(tenantEntrySchema),
  next_cursor: z.string().nullable(),
});
/** One page of the list of tenants. */
export type TenantPage = z.infer<typeof tenantPageSchema>;

/** Body of `POST /v1/tenants`. */
export const createTenantSchema = z.strictObject({ id: tenantIdSchema, name: tenantNameSchema });
/** What tenant to make. */
export type CreateTenant = z.infer<typeof createTenantSchema>;

/** A tenant that was just made, with the key of its first administrator. */
export const madeTenantSchema = z.strictObject({ tenant: tenantEntrySchema, key: madeKeySchema });
/** A tenant that was just made, with the key of its first administrator. */
export type MadeTenant = z.infer<typeof madeTenantSchema>;

/** Body of `PATCH /v1/tenants/{id}`. */
export const changeTenantEntrySchema = z.strictObject({
  disabled: z.boolean().optional(),
  /** Name of the plan that says how much the tenant may use; null: the usual one. */
  plan: z.string().min(1).max(63).nullable().optional(),
});
/** What to change of a tenant. */
export type ChangeTenantEntry = z.infer<typeof changeTenantEntrySchema>;

/** Body of `PATCH /v1/tenant`: settings that are named replace the present ones; null puts the default back. */
export const changeTenantSchema = z.strictObject({
  name: tenantNameSchema.optional(),
  settings: z.record(z.string().min(1).max(64), jsonValueSchema).optional(),
});
/** What to change of a tenant. */
export type ChangeTenant = z.infer<typeof changeTenantSchema>;
