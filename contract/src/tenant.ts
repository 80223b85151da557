import { z } from 'zod';
import { policySetSchema } from './policy/policy-set.ts';

/** Personal data that can be taken out of logs and exports. */
export const personalDataKindSchema = z.enum(['email', 'phone', 'card', 'iban', 'ip']);
/** A kind of personal data. */
export type PersonalDataKind = z.infer<typeof personalDataKindSchema>;

/**
 * What a tenant has set for itself. Every part of the platform adds its own optional key, named for what it is (`plan`,
 * `policy`, `redaction`); a key that is absent means the default of the configuration.
 */
export const tenantSettingsSchema = z.strictObject({
  /** Rules about tool calls of the tenant's runs, in addition to those of the project. */
  policy: policySetSchema.optional(),
  /** How long the tenant keeps things that are over, where that is not what the configuration says. */
  retention: z
    .strictObject({
      /** Days after its last run for which a session is kept; 0: for ever. */
      session_days: z.int().min(0).max(36_500).optional(),
      /** Days for which entries of the audit log are kept, no fewer than 30; 0: for ever. */
      audit_days: z
        .int()
        .min(0)
        .max(36_500)
        .refine((days) => days === 0 || days >= 30, 'must be 0 (for ever) or at least 30')
        .optional(),
    })
    .optional(),
  /** What is taken out of the tenant's exports besides secrets. */
  redaction: z.strictObject({ personal_data: z.array(personalDataKindSchema).max(8) }).optional(),
  /** Name of the plan that says how much the tenant may use. Only the administrator of the platform changes it. */
  plan: z.string().min(1).max(63).optional(),
});
/** What a tenant has set for itself. */
export type TenantSettings = z.infer<typeof tenantSettingsSchema>;
