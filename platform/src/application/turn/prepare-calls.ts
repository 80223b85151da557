import type { JsonValue, NewEvent } from '@batuta/contract';
import type { CallState } from '../../domain/run/state.ts';
import { findGrant } from '../../domain/approval/find-grant.ts';
import { hashArguments } from '../../domain/approval/arguments-hash.ts';
import type { ControlTool, ExecutableTool, Tool } from '../../port/tool.ts';
import { isBoundTo } from '../../domain/policy/approval-binding.ts';
import { judgeTool } from '../../domain/policy/judge-tool.ts';
import { checkArguments } from './check-arguments.ts';
import type { HeldRun } from './held-run.ts';
import { offeredTools } from './offered-tools.ts';
import { labelsOf, type ApprovalQuestion } from './request-approval.ts';
import { settledEvent, type CallEnd } from './settled-event.ts';

/** A call that may be executed: its tool exists and its arguments are what the tool expects. */
export interface PreparedCall<T extends Tool = Tool> {
  call: CallState;
  tool: T;
  input: JsonValue;
}

/** The calls of an answer, sorted by what must happen before they start. */
export interface PreparedCalls {
  /** Results of calls that are not executed, in words that the model can act on. */
  refusals: NewEvent[];
  /** Must be allowed by a person before they start. */
  questions: { call: CallState; input: JsonValue; question: ApprovalQuestion }[];
  /** Calls that what was approved for the session covers. */
  applied: NewEvent[];
  /** Need no claim and may overlap a commit. */
  reads: PreparedCall<ExecutableTool>[];
  /** Must be claimed, in a commit, before they start. */
  effects: PreparedCall<ExecutableTool>[];
  /** Carried out by making the run wait. */
  controls: PreparedCall<ControlTool>[];
}

/**
 * Checks calls before anything starts. Malformed arguments are mended or refused, never executed as `{}`. A call that the
 * agent's rules deny is refused whatever its arguments; one that they ask about is put to a person once it could be executed.
 */
export function prepareCalls(held: HeldRun, calls: readonly CallState[]): PreparedCalls {
  const prepared: PreparedCalls = {
    refusals: [],
    questions: [],
    applied: [],
    reads: [],
    effects: [],
    controls: [],
  };
  for (const call of calls) {
    const result = prepareCall(held, call);
    if ('outcome' in result) prepared.refusals.push(settledEvent(call, result));
    else placeAllowed(held, prepared, result);
  }
  return prepared;
}

/** What the rules ask about needs an approval of just this call, or one for the session that covers it. */
function placeAllowed(held: HeldRun, prepared: PreparedCalls, result: PreparedCall): void {
  const { call, tool, input } = result;
  if (judgeTool(held.definition.permissions, tool).effect !== 'ask') return place(prepared, result);
  const question = questionOf(held);
  const wanted = { argumentsHash: hashArguments(input), policyVersion: question.policyVersion };
  if (isBoundTo(call.approved, wanted)) return place(prepared, result);
  const grant = findGrant(held.journal.state.grants, {
    tool: call.tool,
    input,
    labels: labelsOf(held),
    ...question,
  });
  if (!grant) return void prepared.questions.push({ call, input, question });
  const approved = { approvalId: grant.approval_id, ...wanted };
  prepared.applied.push(appliedEvent(call, approved));
  place(prepared, { ...result, call: { ...call, approved } });
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

function place(prepared: PreparedCalls, { call, tool, input }: PreparedCall): void {
  if (tool.kind !== 'execute') prepared.controls.push({ call, tool, input });
  else if (tool.annotations.readOnly) prepared.reads.push({ call, tool, input });
  else prepared.effects.push({ call, tool, input });
}

function prepareCall(held: HeldRun, call: CallState): PreparedCall | CallEnd {
  const tool = held.tools.get(call.tool);
  if (!tool) {
    const names = offeredTools(held).map(({ name }) => name);
    return failed(`There is no tool "${call.tool}". The tools are: ${names.join(', ') || 'none'}.`);
  }
  const verdict = judgeTool(held.definition.permissions, tool);
  if (verdict.effect === 'deny') return denied(tool, verdict.rule);
  const checked = checkArguments(tool, call);
  return checked.ok ? { call, tool, input: checked.value } : failed(checked.summary);
}

function failed(content: string): CallEnd {
  return { outcome: 'failed', content };
}

function denied(tool: Tool, rule: string): CallEnd {
  const content = `The rule "${rule}" of this agent forbids ${tool.name}, so the call was not executed. Do not try it again.`;
  return { outcome: 'denied', content };
}

function questionOf(held: HeldRun): ApprovalQuestion {
  return {
    reason: 'policy',
    decisions: ['approve', 'deny'],
    policyVersion: policyVersionOf(held),
    neededRole: 'operator',
  };
}

/** The rules are part of the definition that the run began with, so the definition's hash names them. */
function policyVersionOf({ record }: HeldRun): string {
  return record.definitionHash;
}
