import type { ApprovalDecision } from '@batuta/contract';
import { statement } from '../statement.ts';

/** A row of `approval_links`. */
export interface ApprovalLinkRow {
  id: string;
  tenant_id: string;
  session_id: string;
  approval_id: string;
  hash: string;
  decisions: ApprovalDecision[];
  recipient: string;
  created_by: string;
  created_at: number;
  expires_at: number;
  is_expired: boolean;
  used_at: number | null;
  used_decision: ApprovalDecision | null;
  revoked_at: number | null;
  revoked_by: string | null;
}

const columns = `id, tenant_id, session_id, approval_id, hash, decisions, recipient, created_by, created_at,
  expires_at, expires_at <= now() as is_expired, used_at, used_decision, revoked_at, revoked_by`;

/** Keeps others from adding links to an approval until the transaction ends. What is counted must be a statement of its own, after it. */
export const lockApproval = statement<never, readonly [approvalId: string]>(
  'lock-approval',
  'select id from approvals where id = $1 for update',
);

/** Stores a link, unless its approval has as many as it may have: then the transaction ends. */
export const addApprovalLink = statement<
  { added: string },
  readonly [
    id: string,
    tenantId: string,
    sessionId: string,
    approvalId: string,
    hash: string,
    decisions: readonly string[],
    recipient: string,
    createdBy: string,
    expiresAt: Date,
    most: number,
  ]
>(
  'add-approval-link',
  `
  with added as (
    insert into approval_links (id, tenant_id, session_id, approval_id, hash, decisions, recipient, created_by,
      expires_at)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9
    where (select count(*) from approval_links where approval_id = $4) < $10::integer
    returning id
  )
  select coalesce((select id from added), refuse_write('links')) as added`,
);

/** The link of a token. */
export const findApprovalLink = statement<ApprovalLinkRow, readonly [hash: string]>(
  'find-approval-link',
  `select ${columns} from approval_links where hash = $1`,
);

/** One link of the tenant. */
export const readApprovalLink = statement<ApprovalLinkRow, readonly [id: string]>(
  'read-approval-link',
  `select ${columns} from approval_links where id = $1`,
);

/** Uses a link up. No row comes back when it was used, revoked or has expired. */
export const useApprovalLink = statement<{ id: string }, readonly [id: string, decision: string]>(
  'use-approval-link',
  `update approval_links set used_at = now(), used_decision = $2
   where id = $1 and used_at is null and revoked_at is null and expires_at > now() returning id`,
);

/** Every link of an approval, oldest first. */
export const listApprovalLinks = statement<ApprovalLinkRow, readonly [approvalId: string]>(
  'list-approval-links',
  `select ${columns} from approval_links where approval_id = $1 order by id`,
);

/** Takes a link back. No row comes back when it was used or revoked, or is none of this approval's. */
export const revokeApprovalLink = statement<
  { id: string },
  readonly [id: string, approvalId: string, revokedBy: string]
>(
  'revoke-approval-link',
  `update approval_links set revoked_at = now(), revoked_by = $3
   where id = $1 and approval_id = $2 and used_at is null and revoked_at is null returning id`,
);
