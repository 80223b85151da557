import type { JsonValue, NewEvent } from '@batuta/contract';
import type { CallState } from '../../domain/run/state.ts';
import { findGrant } from '../../domain/approval/find-grant.ts';
import { hashArguments } from '../../domain/approval/arguments-hash.ts';
import type { ControlTool, ExecutableTool, Tool } from '../../port/tool.ts';
import { isBoundTo } from '../../domain/policy/approval-binding.ts';
import type { Verdict } from '../../domain/policy/call-facts.ts';
import type { CompiledPolicy } from '../../domain/policy/compile-policy.ts';
import { labelsOf } from '../../domain/policy/context-taint.ts';
import { authorizationEvent } from './need-authorization.ts';
import { auditDenial } from './audit-denial.ts';
import { checkArguments } from './check-arguments.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';
import { judgePrepared } from './judge-prepared.ts';
import { offeredTools } from './offered-tools.ts';
import { policyOfRun } from './policy-of-run.ts';
import type { ApprovalQuestion } from './request-approval.ts';
import { settledEvent, type CallEnd } from './settled-event.ts';

/** A call that may be executed: its tool exists and its arguments are what the tool expects. */
export interface PreparedCall<T extends Tool = Tool> {
  call: CallState;
  tool: T;
  input: JsonValue;
}

/** The calls of an answer, sorted by what must happen before they start. */
export interface PreparedCalls {
  /** The rules that they were judged by. */
  policy: CompiledPolicy;
  /** Results of calls that are not executed, in words that the model can act on. */
  refusals: NewEvent[];
  /** Must be allowed by a person before they start. */
  questions: { call: CallState; input: JsonValue; question: ApprovalQuestion }[];
  /** Calls that what was approved for the session covers. */
  applied: NewEvent[];
  /** Calls that wait for a person's consent elsewhere. */
  unauthorised: NewEvent[];
  /** Searches for tools, which are answered at once. */
  searches: PreparedCall<ControlTool>[];
  /** Need no claim and may overlap a commit. */
  reads: PreparedCall<ExecutableTool>[];
  /** Must be claimed, in a commit, before they start. */
  effects: PreparedCall<ExecutableTool>[];
  /** Carried out by making the run wait. */
  controls: PreparedCall<ControlTool>[];
}

/**
 * Checks calls before anything starts. Malformed arguments are mended or refused, never executed as `{}`. A call that could be executed
 * is judged by the rules in force: what they deny is refused with the reason, what they ask about is put to a person.
 */
export async function prepareCalls(
  context: EngineContext,
  held: HeldRun,
  calls: readonly CallState[],
): Promise<PreparedCalls> {
  const policy = await policyOfRun(context, held);
  const sorted = nothingPrepared(policy);
  for (const call of calls) {
    const prepared = prepareCall(held, policy, call);
    if ('outcome' in prepared) sorted.refusals.push(settledEvent(call, prepared));
    else {
      const verdict = await judgePrepared(context, held, { policy, prepared });
      const needed = verdict.effect === 'deny' ? null : await authorizationEvent(context, held, prepared);
      if (needed) sorted.unauthorised.push(needed);
      else if (verdict.effect === 'allow') place(sorted, prepared);
      else if (verdict.effect === 'ask') await placeAsked(context, held, { sorted, prepared, verdict });
      else {
        auditDenial(context, held, { tool: call.tool, callId: call.callId, verdict });
        sorted.refusals.push(settledEvent(call, denied(prepared.tool, verdict)));
      }
    }
  }
  return sorted;
}

function nothingPrepared(policy: CompiledPolicy): PreparedCalls {
  return {
    policy,
    refusals: [],
    questions: [],
    applied: [],
    unauthorised: [],
    searches: [],
    reads: [],
    effects: [],
    controls: [],
  };
}

/** What the rules ask about needs an approval of just this call, or one for the session that covers it. */
async function placeAsked(
  context: EngineContext,
  held: HeldRun,
  asked: { sorted: PreparedCalls; prepared: PreparedCall; verdict: Verdict },
): Promise<void> {
  const { sorted, prepared, verdict } = asked;
  const { call, tool, input } = prepared;
  const question = questionOf(sorted.policy, verdict);
  const wanted = { argumentsHash: hashArguments(input), policyVersion: question.policyVersion };
  if (isBoundTo(call.approved, wanted)) return place(sorted, prepared);
  const labels = labelsOf(held.journal.state.taint);
  const grant = findGrant(held.journal.state.grants, { tool: call.tool, input, labels, ...question });
  if (!grant) return void sorted.questions.push({ call, input, question });
  const approved = { approvalId: grant.approval_id, ...wanted };
  const allowed = { ...prepared, call: { ...call, approved } };
  // Rules about addresses may have had to wait for an approval.
  const again = await judgePrepared(context, held, { policy: sorted.policy, prepared: allowed });
  if (again.effect === 'deny') return void sorted.refusals.push(settledEvent(call, denied(tool, again)));
  sorted.applied.push(appliedEvent(call, approved));
  place(sorted, allowed);
}

function appliedEvent(call: CallState, approved: NonNullable<CallState['approved']>): NewEvent {
  return {
    kind: 'approval-applied',
    data: {
      approval_id: approved.approvalId,
      call_id: call.callId,
      tool: call.tool,
      arguments_hash: approved.argumentsHash,
      policy_version: approved.policyVersion,
    },
  };
}

function place(sorted: PreparedCalls, { call, tool, input }: PreparedCall): void {
  if (tool.kind === 'find-tools') sorted.searches.push({ call, tool, input });
  else if (tool.kind !== 'execute') sorted.controls.push({ call, tool, input });
  else if (tool.annotations.readOnly) sorted.reads.push({ call, tool, input });
  else sorted.effects.push({ call, tool, input });
}

function prepareCall(held: HeldRun, policy: CompiledPolicy, call: CallState): PreparedCall | CallEnd {
  const tool = held.tools.byName.get(call.tool);
  if (!tool) {
    const names = offeredTools(held, policy).map(({ name }) => name);
    return failed(`There is no tool "${call.tool}". The tools are: ${names.join(', ') || 'none'}.`);
  }
  const checked = checkArguments(tool, call);
  if (checked.ok) return { call, tool, input: checked.value };
  // What is denied whatever its arguments is told as denied, however malformed they are.
  return policy.of(tool).isNeverAllowed ? { call, tool, input: {} } : failed(checked.summary);
}

function failed(content: string): CallEnd {
  return { outcome: 'failed', content };
}

function denied(tool: Tool, { reason }: Verdict): CallEnd {
  const content = `The call of ${tool.name} was denied and not executed: ${reason}. Do not try it again.`;
  return { outcome: 'denied', content };
}

/** Who approves where no rule says who. */
const usualApprover = 'operator';

function questionOf(policy: CompiledPolicy, verdict: Verdict): ApprovalQuestion {
  return {
    reason: 'policy',
    decisions: ['approve', 'deny'],
    policyVersion: policy.version,
    neededRole: verdict.approver ?? usualApprover,
    verdict,
  };
}
