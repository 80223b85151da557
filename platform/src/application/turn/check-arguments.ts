import { parseToolArguments, requiredArguments } from '../../domain/model/parse-tool-arguments.ts';
import type { CallState } from '../../domain/run/state.ts';
import type { ParsedArguments, Tool } from '../../port/tool.ts';

/** The arguments that a call is executed with: those that a person put in their place, or the model's, mended where that is safe. */
export function checkArguments(tool: Tool, call: CallState): ParsedArguments {
  const facts = { required: requiredArguments(tool.inputSchema), outputCut: call.outputCut };
  const parsed = parseToolArguments(call.edited ?? call.arguments, facts);
  if (!parsed.ok)
    return { ok: false, summary: `The arguments of ${tool.name} cannot be used: ${parsed.reason}` };
  const checked = tool.parse(parsed.value);
  if (checked.ok) return checked;
  return { ok: false, summary: `The arguments of ${tool.name} are not valid: ${checked.summary}` };
}
