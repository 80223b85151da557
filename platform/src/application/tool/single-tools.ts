import { modelsOf, type ModelChoice } from '../economy/models-of-run.ts';
import { toolsOf } from '../turn/tools-of-run.ts';
import type { EngineContext } from '../turn/engine-context.ts';
import type { Tool } from '../../port/tool.ts';

/** The model that makes the call that it is told to, and none of its own. */
export const directModel = 'offline/direct';

/** A tool that can be called by itself, through an agent for single calls. */
export interface SingleTool {
  name: string;
  /** The first by name that has the tool. */
  agent: string;
  /** What the tool needs and does not have here; null: nothing. */
  missing: string | null;
}

type SingleContext = ModelChoice & Pick<EngineContext, 'agents' | 'tools' | 'policies' | 'log' | 'settings'>;

/** The tools that agents for single calls have in a tenant, but for those that its rules never allow. */
export async function singleTools(
  context: SingleContext,
  { tenantId }: { tenantId: string },
): Promise<SingleTool[]> {
  const found = new Map<string, SingleTool>();
  for (const record of context.agents.list()) {
    const { definition } = record;
    if (modelsOf(context, definition)[0] !== directModel) continue;
    const policy = await context.policies.inForce(tenantId, record);
    const { byName } = toolsOf(context, definition);
    const tools = [...byName.values()].filter((tool) => !policy.of(tool).isNeverAllowed);
    for (const tool of tools) {
      if (found.has(tool.name)) continue;
      found.set(tool.name, { name: tool.name, agent: definition.name, missing: await missingOf(tool) });
    }
  }
  return [...found.values()];
}

async function missingOf(tool: Tool): Promise<string | null> {
  return tool.kind === 'execute' ? ((await tool.missing?.()) ?? null) : null;
}
