import { statement } from '../statement.ts';

/** Number of the tenant's first entry at or after a time. */
export const firstAuditSince = statement<{ seq: number | null }, readonly [since: Date]>(
  'first-audit-since',
  'select min(seq) as seq from audit_log where at >= $1',
);

/** The head of the tenant's chain and the number of its last entry, as of one moment. */
export const readAuditExtent = statement<
  {
    seq: number | null;
    hash: string | null;
    base_seq: number | null;
    base_hash: string | null;
    first_seq: number;
    last_seq: number;
  },
  readonly []
>(
  'read-audit-extent',
  `
  select head.seq, head.hash, head.base_seq, head.base_hash,
    coalesce((select min(seq) from audit_log), 0) as first_seq, coalesce((select max(seq) from audit_log), 0) as last_seq
  from (select) as one left join audit_heads head on true`,
);

/** Over all tenants: whose chain has grown since it was anchored. */
export const readUnanchored = statement<{ tenant_id: string }, readonly [since: Date, limit: number]>(
  'read-unanchored',
  `select tenant_id from audit_heads
   where seq > anchored_seq and (anchored_at is null or anchored_at <= $1) order by tenant_id limit $2`,
);
