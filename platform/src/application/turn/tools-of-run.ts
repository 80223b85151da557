import type { AgentDefinition } from '@batuta/contract';
import { makeToolset, type Toolset } from '../../domain/tool/toolset.ts';
import type { ControlTool, Tool } from '../../port/tool.ts';
import type { EngineContext } from './engine-context.ts';

const toolsetsByDefinition = new WeakMap<AgentDefinition, { revision: number; toolset: Toolset }>();

/** An agent's tools: the same object for every run of a definition until a source's tools change, so that what is derived from it is made once. */
export function toolsOf(
  context: Pick<EngineContext, 'tools' | 'log' | 'settings'>,
  definition: AgentDefinition,
): Toolset {
  const { revision } = context.tools;
  const known = toolsetsByDefinition.get(definition);
  if (known?.revision === revision) return known.toolset;
  const toolset = resolveTools(context, definition);
  toolsetsByDefinition.set(definition, { revision, toolset });
  return toolset;
}

function resolveTools(
  { tools: catalogue, log, settings }: Pick<EngineContext, 'tools' | 'log' | 'settings'>,
  definition: AgentDefinition,
): Toolset {
  const resolved = definition.tools.map((reference) => ({ reference, ...catalogue.resolve([reference]) }));
  const unknown = resolved.flatMap((each) => each.unknown);
  if (unknown.length > 0) {
    const { name } = definition;
    log.warn('an agent names tools that do not exist any more', { agent: name, tools: unknown });
  }
  const scopes = resolved.flatMap(({ tools }) => tools.filter(isControl).flatMap(({ scope = [] }) => scope));
  const further = catalogue.resolve(scopes).tools;
  return makeToolset(resolved, { maxTokens: settings.toolContextTokens, further });
}

function isControl(tool: Tool): tool is ControlTool {
  return tool.kind !== 'execute';
}
