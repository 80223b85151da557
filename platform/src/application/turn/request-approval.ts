import { exactJson, type ApprovalDecision, type JsonValue, type NewEvent, type Role } from '@batuta/contract';
import { bindArguments } from '../../domain/approval/arguments-hash.ts';
import { labelsOf } from '../../domain/policy/context-taint.ts';
import type { CallState } from '../../domain/run/state.ts';
import type { Verdict } from '../../domain/policy/call-facts.ts';
import type { NewApproval } from '../../port/run-record.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';

/** Why a person is asked, what they may answer, who may, and the rules that the answer is bound to. */
export interface ApprovalQuestion {
  reason: 'policy' | 'unknown-outcome';
  decisions: readonly ApprovalDecision[];
  policyVersion: string;
  neededRole: Role;
  /** What the rules said; null where the platform itself asks. */
  verdict: Verdict | null;
}

/** A call and its checked arguments. */
export interface AskedCall {
  call: CallState;
  input: JsonValue;
}

const previewCharacters = 400;

/** Asks a person about one call, bound to its arguments; the question is stored with the event that makes the run wait. */
export function requestApproval(
  context: EngineContext,
  held: HeldRun,
  asked: AskedCall & { question: ApprovalQuestion },
): void {
  const { call, input, question } = asked;
  const expiresAt = context.clock.now() + context.settings.approvalHours * 3_600_000;
  const { verdict, ...how } = question;
  const told = { rule: verdict?.rule ?? null, why: verdict?.reason ?? null };
  const approval = { ...newApproval(context, held, asked), ...how, ...told, question: null, expiresAt };
  held.journal.stage({
    kind: 'approval-requested',
    data: {
      approval_id: approval.id,
      call_id: call.callId,
      tool: call.tool,
      reason: question.reason,
      arguments_hash: approval.argumentsHash,
      arguments_preview: previewOf(input),
      policy_version: approval.policyVersion,
      needed_role: approval.neededRole,
      labels: [...approval.labels],
      ...(verdict ? { rule: verdict.rule, why: verdict.reason } : {}),
      decisions: [...question.decisions],
      expires_at: new Date(expiresAt).toISOString(),
    },
  });
  held.journal.stageRows({ approvals: [approval] });
}

/** The rule by which a run may ask a person something: it is the platform's own. */
const askingRule = 'built-in-1';

/** The question of a call that is under way, and its record; neither is staged yet. */
export function questionDuringCall(
  context: EngineContext,
  held: HeldRun,
  asked: AskedCall & { text: string },
): { event: NewEvent; approval: NewApproval } {
  const { call, text } = asked;
  const approval: NewApproval = {
    ...questionRecord(context, held, { ...asked, options: null }),
    decisions: ['answer', 'deny'],
  };
  const data = { call_id: call.callId, question: text, approval_id: approval.id, during_call: true };
  return { event: { kind: 'input-requested', data }, approval };
}

/** Puts a question of the run to a person. It waits as long as the run does. */
export function requestAnswer(
  context: EngineContext,
  held: HeldRun,
  asked: AskedCall & { text: string; options: readonly string[] | null },
): void {
  const { text, options } = asked;
  const approval = questionRecord(context, held, asked);
  held.journal.stage({
    kind: 'input-requested',
    data: {
      call_id: asked.call.callId,
      question: text,
      ...(options ? { options: [...options] } : {}),
      approval_id: approval.id,
    },
  });
  held.journal.stageRows({ approvals: [approval] });
}

/** The record of a question. It waits as long as the run does. */
function questionRecord(
  context: EngineContext,
  held: HeldRun,
  asked: AskedCall & { text: string; options: readonly string[] | null },
): NewApproval {
  const { text, options } = asked;
  return {
    ...newApproval(context, held, asked),
    reason: 'question',
    decisions: ['answer'],
    policyVersion: askingRule,
    rule: null,
    why: null,
    neededRole: 'member',
    question: { text, options },
    expiresAt: null,
  };
}

function newApproval(context: EngineContext, held: HeldRun, { call, input }: AskedCall) {
  const bound = bindArguments(input);
  return {
    id: context.ids.create('approval'),
    callId: call.callId,
    tool: call.tool,
    arguments: bound.text,
    argumentsHash: bound.hash,
    labels: labelsOf(held.journal.state.taint),
    requestedBy: held.record.requestedBy.name,
  };
}

function previewOf(input: JsonValue): string {
  const text = exactJson(input);
  return text.length <= previewCharacters ? text : `${text.slice(0, previewCharacters)}…`;
}
