import type { ApprovalDecision } from '@batuta/contract';
import { statement } from '../statement.ts';

/** A row of `approvals`. */
export interface ApprovalRow {
  id: string;
  tenant_id: string;
  run_id: string;
  session_id: string;
  call_id: string;
  tool: string;
  arguments: string;
  arguments_hash: string;
  reason: 'policy' | 'unknown-outcome';
  decisions: ApprovalDecision[];
  decision: ApprovalDecision | null;
  decided_by: string | null;
  created_at: number;
  expires_at: number;
  decided_at: number | null;
}

/** Columns of an `ApprovalRow`. */
export const approvalColumnNames = [
  'id',
  'tenant_id',
  'run_id',
  'session_id',
  'call_id',
  'tool',
  'arguments',
  'arguments_hash',
  'reason',
  'decisions',
  'decision',
  'decided_by',
  'created_at',
  'expires_at',
  'decided_at',
] as const satisfies (keyof ApprovalRow)[];

const columns = approvalColumnNames.join(', ');

/** One approval of the tenant. */
export const readApproval = statement<ApprovalRow, readonly [id: string]>(
  'read-approval',
  `select ${columns} from approvals where id = $1`,
);

/** One approval, kept from being decided by others until the transaction ends. */
export const lockApproval = statement<ApprovalRow & { is_expired: boolean }, readonly [id: string]>(
  'lock-approval',
  `select ${columns}, expires_at <= now() as is_expired from approvals where id = $1 for update`,
);

/** Records a decision. */
export const decideApproval = statement<
  ApprovalRow,
  readonly [id: string, decision: ApprovalDecision, decidedBy: string, reason: string | null]
>(
  'decide-approval',
  `update approvals set decision = $2, decided_by = $3, decision_reason = $4, decided_at = now()
   where id = $1 returning ${columns}`,
);
