import { z } from 'zod';
import { tenantIdSchema } from '../id.ts';
import { jsonValueSchema } from '../json.ts';
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

/** Body of `PATCH /v1/tenant`: settings that are named replace the present ones; null puts the default back. */
export const changeTenantSchema = z.strictObject({
  name: tenantNameSchema.optional(),
  settings: z.record(z.string().min(1).max(64), jsonValueSchema).optional(),
});
/** What to change of a tenant. */
export type ChangeTenant = z.infer<typeof changeTenantSchema>;
