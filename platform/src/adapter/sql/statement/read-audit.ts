import { statement } from '../statement.ts';

/** Number of the tenant's first entry at or after a time. */
export const firstAuditSince = statement<{ seq: number | null }, readonly [since: Date]>(
  'first-audit-since',
  'select min(seq) as seq from audit_log where at >= $1',
);

/** The head of the tenant's chain and the number of its last entry, as of one moment. */
export const readAuditExtent = statement<
  { seq: number | null; hash: string | null; last_seq: number },
  readonly []
>(
  'read-audit-extent',
  `
  select head.seq, head.hash, coalesce((select max(seq) from audit_log), 0) as last_seq
  from (select) as one left join audit_heads head on true`,
);
