import type { LimitPeriod, LimitResource, LimitSubject } from '@batuta/contract';

/** How much of something one subject may use in a stretch of time. */
export interface Rule {
  subject: LimitSubject;
  resource: LimitResource;
  per: LimitPeriod;
  limit: number;
}

/** The token bucket of one rule for one user, key, tenant, tool or address: it holds at most what the rule allows in its period. */
export interface Bucket {
  rule: Rule;
  /** Null for addresses, which are nobody's. */
  tenantId: string | null;
  /** Tells the buckets of a tenant apart, in every process. */
  key: string;
  perSecond: number;
}

const periodSeconds: Readonly<Record<LimitPeriod, number>> = { minute: 60, day: 86_400 };

/**
 * Makes the bucket of a rule. `owner` is the id of a user or key, a pattern of tools, an address. Another limit is another bucket: what was
 * spent of a large one would take a small one years to gain.
 */
export function bucketOf(rule: Rule, of: { tenantId: string | null; owner: string }): Bucket {
  const { subject, resource, per, limit } = rule;
  const key = `${subject}:${of.owner}:${resource}:${per}:${limit}`;
  return { rule, tenantId: of.tenantId, key, perSecond: limit / periodSeconds[per] };
}

/** A name for the bucket in this process. */
export function nameOf({ tenantId, key }: Bucket): string {
  return JSON.stringify([tenantId, key]);
}

/** Milliseconds until a bucket that holds `left` holds `wanted`. */
export function millisecondsUntil(bucket: Bucket, left: number, wanted: number): number {
  return Math.max(0, ((wanted - left) / bucket.perSecond) * 1000);
}
