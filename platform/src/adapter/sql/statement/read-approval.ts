import type { ApprovalDecision, ArgumentPattern, Role, RulePlace } from '@batuta/contract';
import type { ApprovalReason } from '../../../port/run-record.ts';
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
  policy_version: string;
  reason: ApprovalReason;
  decisions: ApprovalDecision[];
  needed_role: Role;
  labels: string[];
  requested_by: string | null;
  rule: RulePlace | null;
  why: string | null;
  question: { text: string; options: string[] | null } | null;
  decision: ApprovalDecision | null;
  decided_by: string | null;
  decision_reason: string | null;
  edited_arguments: string | null;
  pattern: ArgumentPattern | null;
  answer: string | null;
  closed: 'expired' | 'withdrawn' | null;
  created_at: number;
  expires_at: number | null;
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
  'policy_version',
  'reason',
  'decisions',
  'needed_role',
  'labels',
  'requested_by',
  'rule',
  'why',
  'question',
  'decision',
  'decided_by',
  'decision_reason',
  'edited_arguments',
  'pattern',
  'answer',
  'closed',
  'created_at',
  'expires_at',
  'decided_at',
] as const satisfies (keyof ApprovalRow)[];

const columns = approvalColumnNames.join(', ');

/** An approval as it is by the database's clock. */
export type TimedApprovalRow = ApprovalRow & { is_expired: boolean };

const timedColumns = `${columns}, coalesce(expires_at <= now(), false) as is_expired`;

/** One approval of the tenant. */
export const readApproval = statement<TimedApprovalRow, readonly [id: string]>(
  'read-approval',
  `select ${timedColumns} from approvals where id = $1`,
);

/** The oldest question of a run that nobody has answered. */
export const readOpenQuestion = statement<TimedApprovalRow, readonly [runId: string]>(
  'read-open-question',
  `select ${timedColumns} from approvals
   where run_id = $1 and reason = 'question' and decision is null and closed is null order by id limit 1`,
);

/** Records a decision. No row comes back when there is one already, or when its time is over. */
export const decideApproval = statement<
  TimedApprovalRow,
  readonly [
    id: string,
    decision: ApprovalDecision,
    decidedBy: string,
    reason: string | null,
    editedArguments: string | null,
    editedHash: string | null,
    pattern: string | null,
    answer: string | null,
  ]
>(
  'decide-approval',
  `update approvals set decision = $2, decided_by = $3, decision_reason = $4, edited_arguments = $5::json,
     edited_hash = $6, pattern = $7::json, answer = $8::json, decided_at = now()
   where id = $1 and decision is null and closed is null and (expires_at is null or expires_at > now())
   returning ${timedColumns}`,
);
