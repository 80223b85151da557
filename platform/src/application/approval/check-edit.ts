import { BatutaError, taintLabels, type JsonObject, type JsonValue, type Role } from '@batuta/contract';
import { nothingResolved } from '../../domain/policy/call-facts.ts';
import { judgeCall } from '../../domain/policy/judge-call.ts';
import { resolveArguments } from '../../domain/policy/resolve-arguments.ts';
import type { ApprovalRecord } from '../../port/approval-store.ts';
import type { ArgumentResolver } from '../../port/argument-resolver.ts';
import type { Clock } from '../../port/clock.ts';
import type { RunStore } from '../../port/run-store.ts';
import type { Tool, ToolCatalogue } from '../../port/tool.ts';
import type { PolicyBook } from '../policy/policy-book.ts';

/** What checking edited arguments needs. */
export interface EditContext {
  runs: Pick<RunStore, 'get' | 'definition'>;
  tools: ToolCatalogue;
  policies: Pick<PolicyBook, 'inForce'>;
  resolver: ArgumentResolver;
  clock: Pick<Clock, 'now'>;
}

/** Edited arguments that may run, if who edits them is what they need. */
export interface CheckedEdit {
  input: JsonValue;
  /** The least role that the rules ask for with these arguments; null: that of the approval. */
  approver: Role | null;
}

/**
 * Arguments that a person puts in place of the model's are held to what the model is held to: the tool's schema, and the rules. The
 * run's worker judges them once more before they run. Errors: `approval-edit-invalid`, `approval-edit-denied`, `run-unknown`.
 */
export async function checkEdit(
  context: EditContext,
  record: ApprovalRecord,
  edited: JsonObject,
): Promise<CheckedEdit> {
  const { id, tool: name } = record;
  const run = await runOf(context, record);
  const tool = context.tools.resolve(run.definition.tools).tools.find((each) => each.name === name);
  const invalid = (summary: string) => new BatutaError('approval-edit-invalid', { id, tool: name, summary });
  if (!tool) throw invalid('there is no such tool any more');
  const checked = tool.parse(edited);
  if (!checked.ok) throw invalid(checked.summary);
  const { effect, rule, approver } = await judge(context, record, { ...run, tool, input: checked.value });
  if (effect === 'deny') throw new BatutaError('approval-edit-denied', { id, tool: name, rule: rule.name });
  return { input: checked.value, approver: effect === 'ask' ? approver : null };
}

type RunOfApproval = Awaited<ReturnType<typeof runOf>>;

async function judge(
  { policies, resolver, clock }: EditContext,
  { tenantId, labels }: ApprovalRecord,
  { hash, definition, role, tool, input }: RunOfApproval & { tool: Tool; input: JsonValue },
) {
  const policy = await policies.inForce(tenantId, { hash, definition });
  const resolved = (await resolveArguments(policy, { tool, input }, resolver)) ?? nothingResolved;
  const taint = taintLabels.filter((label) => labels.includes(label));
  const facts = { tool, input, role, taint, resolved, now: clock.now(), typedAddresses: [] };
  return judgeCall(policy, facts).verdict;
}

/** The definition that the run began with, and the role of whoever asked for it. */
async function runOf({ runs }: EditContext, { tenantId, runId }: ApprovalRecord) {
  const run = await runs.get(tenantId, runId);
  const definition = run && (await runs.definition(tenantId, run.definitionHash));
  if (!run || !definition) throw new BatutaError('run-unknown', { id: runId });
  return { definition, hash: run.definitionHash, role: run.requestedBy.role };
}
