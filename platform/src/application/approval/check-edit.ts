import { BatutaError, type JsonObject, type JsonValue } from '@batuta/contract';
import { judgeTool } from '../../domain/policy/judge-tool.ts';
import type { ApprovalRecord } from '../../port/approval-store.ts';
import type { RunStore } from '../../port/run-store.ts';
import type { ToolCatalogue } from '../../port/tool.ts';

/** What checking edited arguments needs. */
export interface EditContext {
  runs: Pick<RunStore, 'get' | 'definition'>;
  tools: ToolCatalogue;
}

/**
 * Arguments that a person puts in place of the model's are held to what the model is held to: the tool's schema, and the rules. The
 * run's worker judges them once more before they run. Errors: `approval-edit-invalid`, `approval-edit-denied`, `run-unknown`.
 */
export async function checkEdit(
  context: EditContext,
  record: ApprovalRecord,
  edited: JsonObject,
): Promise<JsonValue> {
  const { id, tool: name } = record;
  const definition = await definitionOf(context, record);
  const tool = context.tools.resolve(definition.tools).tools.find((each) => each.name === name);
  const invalid = (summary: string) => new BatutaError('approval-edit-invalid', { id, tool: name, summary });
  if (!tool) throw invalid('there is no such tool any more');
  const checked = tool.parse(edited);
  if (!checked.ok) throw invalid(checked.summary);
  const verdict = judgeTool(definition.permissions, tool);
  if (verdict.effect === 'deny')
    throw new BatutaError('approval-edit-denied', { id, tool: name, rule: verdict.rule });
  return checked.value;
}

/** The definition that the run began with. */
async function definitionOf({ runs }: EditContext, { tenantId, runId }: ApprovalRecord) {
  const run = await runs.get(tenantId, runId);
  const definition = run && (await runs.definition(tenantId, run.definitionHash));
  if (!definition) throw new BatutaError('run-unknown', { id: runId });
  return definition;
}
