import type { JsonValue, NewEvent } from '@batuta/contract';
import { parseToolArguments, requiredArguments } from '../../domain/model/parse-tool-arguments.ts';
import type { CallState } from '../../domain/run/state.ts';
import type { ControlTool, ExecutableTool, Tool } from '../../port/tool.ts';
import { isBoundTo } from '../../domain/policy/approval-binding.ts';
import { judgeTool } from '../../domain/policy/judge-tool.ts';
import { hashText } from './hash-text.ts';
import type { HeldRun } from './held-run.ts';
import { offeredTools } from './offered-tools.ts';
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
  /** Results of calls that are not executed, in words that the model can act on. */
  refusals: NewEvent[];
  /** Must be allowed by a person before they start. */
  questions: { call: CallState; question: ApprovalQuestion }[];
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
  const prepared: PreparedCalls = { refusals: [], questions: [], reads: [], effects: [], controls: [] };
  for (const call of calls) {
    const result = prepareCall(held, call);
    if ('outcome' in result) prepared.refusals.push(settledEvent(call, result));
    else if (mustAsk(held, result)) prepared.questions.push({ call, question: questionOf(held) });
    else place(prepared, result);
  }
  return prepared;
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
  const facts = { required: requiredArguments(tool.inputSchema), outputCut: call.outputCut };
  const parsed = parseToolArguments(call.arguments, facts);
  if (!parsed.ok) return failed(`The arguments of ${tool.name} cannot be used: ${parsed.reason}`);
  const checked = tool.parse(parsed.value);
  if (!checked.ok) return failed(`The arguments of ${tool.name} are not valid: ${checked.summary}`);
  return { call, tool, input: checked.value };
}

function failed(content: string): CallEnd {
  return { outcome: 'failed', content };
}

function denied(tool: Tool, rule: string): CallEnd {
  const content = `The rule "${rule}" of this agent forbids ${tool.name}, so the call was not executed. Do not try it again.`;
  return { outcome: 'denied', content };
}

function mustAsk(held: HeldRun, { call, tool }: PreparedCall): boolean {
  if (judgeTool(held.definition.permissions, tool).effect !== 'ask') return false;
  const wanted = { argumentsHash: hashText(call.arguments), policyVersion: policyVersionOf(held) };
  return !isBoundTo(call.approved, wanted);
}

function questionOf(held: HeldRun): ApprovalQuestion {
  return { reason: 'policy', decisions: ['approve', 'deny'], policyVersion: policyVersionOf(held) };
}

/** The rules are part of the definition that the run began with, so the definition's hash names them. */
function policyVersionOf({ record }: HeldRun): string {
  return record.definitionHash;
}
