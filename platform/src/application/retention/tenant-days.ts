import type { TenantSettings } from '@batuta/contract';
import type { RetentionDays } from './apply-retention.ts';

/** The days that a tenant has set for itself. */
export function daysOf(retention: TenantSettings['retention']): Partial<RetentionDays> {
  const { session_days: sessionDays, audit_days: auditDays } = retention ?? {};
  return {
    ...(sessionDays === undefined ? {} : { sessionDays }),
    ...(auditDays === undefined ? {} : { auditDays }),
  };
}
