import type { JsonValue, NewEvent } from '@batuta/contract';
import { parseToolArguments, requiredArguments } from '../../domain/model/parse-tool-arguments.ts';
import type { CallState } from '../../domain/run/state.ts';
import type { ControlTool, ExecutableTool, Tool } from '../../port/tool.ts';
import type { HeldRun } from './held-run.ts';
import { settledEvent } from './settled-event.ts';

/** A call that may be executed: its tool exists and its arguments are what the tool expects. */
export interface PreparedCall<T extends Tool = Tool> {
  call: CallState;
  tool: T;
  input: JsonValue;
}

/** The calls of an answer, sorted by what must happen before they start. */
export interface PreparedCalls {
  /** Results of calls that cannot be executed, in words that the model can act on. */
  refusals: NewEvent[];
  /** Need no claim and may overlap a commit. */
  reads: PreparedCall<ExecutableTool>[];
  /** Must be claimed, in a commit, before they start. */
  effects: PreparedCall<ExecutableTool>[];
  /** Carried out by making the run wait. */
  controls: PreparedCall<ControlTool>[];
}

/** Checks calls before anything starts. Malformed arguments are mended or refused, never executed as `{}`. */
export function prepareCalls(held: HeldRun, calls: readonly CallState[]): PreparedCalls {
  const prepared: PreparedCalls = { refusals: [], reads: [], effects: [], controls: [] };
  for (const call of calls) {
    const result = prepareCall(held, call);
    if ('refusal' in result) prepared.refusals.push(refuse(call, result.refusal));
    else place(prepared, result);
  }
  return prepared;
}

function place(prepared: PreparedCalls, { call, tool, input }: PreparedCall): void {
  if (tool.kind !== 'execute') prepared.controls.push({ call, tool, input });
  else if (tool.annotations.readOnly) prepared.reads.push({ call, tool, input });
  else prepared.effects.push({ call, tool, input });
}

function prepareCall(held: HeldRun, call: CallState): PreparedCall | { refusal: string } {
  const tool = held.tools.get(call.tool);
  if (!tool) {
    const names = [...held.tools.keys()].join(', ');
    return { refusal: `There is no tool "${call.tool}". The tools are: ${names || 'none'}.` };
  }
  const facts = { required: requiredArguments(tool.inputSchema), outputCut: call.outputCut };
  const parsed = parseToolArguments(call.arguments, facts);
  if (!parsed.ok) return { refusal: `The arguments of ${tool.name} cannot be used: ${parsed.reason}` };
  const checked = tool.parse(parsed.value);
  if (!checked.ok) return { refusal: `The arguments of ${tool.name} are not valid: ${checked.summary}` };
  return { call, tool, input: checked.value };
}

function refuse(call: CallState, content: string): NewEvent {
  return settledEvent(call, { outcome: 'failed', content });
}
