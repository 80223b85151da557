import { statement } from '../statement.ts';

/** Removes the beginning of the tenant's chain, if it is whole and ends with this hash, and appends the entry that says so. */
export const cutAudit = statement<{ cut: boolean }, readonly [seq: number, hash: string, entry: string]>(
  'cut-audit',
  'select cut_audit($1::bigint, $2, $3::json) as cut',
);

/** Takes note that the end of the tenant's chain is told outside. */
export const anchorAudit = statement<{ seq: number; hash: string }, readonly []>(
  'anchor-audit',
  'select seq, hash from anchor_audit()',
);
