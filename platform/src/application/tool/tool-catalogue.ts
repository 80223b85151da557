import type { AgentDefinition } from '@batuta/contract';
import type { AgentCatalogue } from '../../port/agent-catalogue.ts';
import type { Tool, ToolCatalogue } from '../../port/tool.ts';
import { makeDelegateTool } from '../../domain/tool/control-tools.ts';
import { matchesReference } from '../../domain/tool/tool-reference.ts';

/**
 * The tools that exist: the given ones and a delegate for each agent. `agents` is asked anew each time, because agents
 * and tools name each other and agents can be loaded again.
 */
export function makeToolCatalogue(tools: readonly Tool[], agents: () => AgentCatalogue): ToolCatalogue {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));

  /** Made once for each definition: tools are resolved in every turn. */
  const delegateTools = new WeakMap<AgentDefinition, Tool>();

  function delegateTo(definition: AgentDefinition): Tool {
    const known = delegateTools.get(definition) ?? makeDelegateTool(definition);
    delegateTools.set(definition, known);
    return known;
  }

  function delegates(reference: string): Tool[] {
    return agents()
      .list()
      .filter(({ definition }) => matchesReference(reference, `agent:${definition.name}`))
      .map(({ definition }) => delegateTo(definition));
  }

  function named(reference: string): Tool[] {
    const exact = byName.get(reference);
    if (exact !== undefined) return [exact];
    if (reference.startsWith('agent:')) return delegates(reference);
    return reference.endsWith('*') ? tools.filter((tool) => matchesReference(reference, tool.name)) : [];
  }

  function resolve(references: readonly string[]): { tools: Tool[]; unknown: string[] } {
    const found = references.map((reference) => ({ reference, tools: named(reference) }));
    const distinct = new Map(found.flatMap((entry) => entry.tools).map((tool) => [tool.name, tool]));
    return {
      tools: [...distinct.values()],
      unknown: found.filter((entry) => entry.tools.length === 0).map((entry) => entry.reference),
    };
  }

  return {
    resolve,
    names: () => [
      ...byName.keys(),
      ...agents()
        .list()
        .map(({ definition }) => `agent:${definition.name}`),
    ],
  };
}
