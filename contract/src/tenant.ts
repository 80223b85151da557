import { z } from 'zod';
import { policySetSchema } from './policy/policy-set.ts';

/**
 * What a tenant has set for itself. Every part of the platform adds its own optional key, named for what it is (`plan`,
 * `policy`, `redaction`); a key that is absent means the default of the configuration.
 */
export const tenantSettingsSchema = z.strictObject({
  /** Rules about tool calls of the tenant's runs, in addition to those of the project. */
  policy: policySetSchema.optional(),
  /** Name of the plan that says how much the tenant may use. Only the administrator of the platform changes it. */
  plan: z.string().min(1).max(63).optional(),
});
/** What a tenant has set for itself. */
export type TenantSettings = z.infer<typeof tenantSettingsSchema>;
