import type { ApprovalDecision } from '@batuta/contract';
import type { CallState } from '../../domain/run/state.ts';
import type { NewApproval } from '../../port/run-record.ts';
import type { EngineContext } from './engine-context.ts';
import { hashText } from './hash-text.ts';
import type { HeldRun } from './held-run.ts';

/** Why a person is asked, what they may answer, and the rules that the answer is bound to. */
export interface ApprovalQuestion {
  reason: NewApproval['reason'];
  decisions: readonly ApprovalDecision[];
  policyVersion: string;
}

/** Asks a person about one call, bound to its arguments; the question is stored with the event that makes the run wait. */
export function requestApproval(
  context: EngineContext,
  held: HeldRun,
  asked: { call: CallState; question: ApprovalQuestion },
): void {
  const { call, question } = asked;
  const approval: NewApproval = {
    id: context.ids.create('approval'),
    callId: call.callId,
    tool: call.tool,
    arguments: call.arguments,
    argumentsHash: hashText(call.arguments),
    expiresAt: context.clock.now() + context.settings.approvalHours * 3_600_000,
    ...question,
  };
  held.journal.stage({
    kind: 'approval-requested',
    data: {
      approval_id: approval.id,
      call_id: call.callId,
      tool: call.tool,
      reason: approval.reason,
      arguments_hash: approval.argumentsHash,
      policy_version: approval.policyVersion,
      decisions: [...question.decisions],
      expires_at: new Date(approval.expiresAt).toISOString(),
    },
  });
  held.journal.stageRows({ approvals: [approval] });
}
