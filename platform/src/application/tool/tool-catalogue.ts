import type { AgentDefinition } from '@batuta/contract';
import type { AgentCatalogue } from '../../port/agent-catalogue.ts';
import type { ToolSource } from '../../port/tool-source.ts';
import type { Tool, ToolCatalogue } from '../../port/tool.ts';
import { makeDelegateTool } from '../../domain/tool/control-tools.ts';
import { kindOf, matchesReference } from '../../domain/tool/tool-reference.ts';
import { SourceTools } from './source-tools.ts';

/** Where tools come from. */
export interface ToolOrigins {
  /** Tools of the platform and of the project. */
  tools: readonly Tool[];
  /** Asked anew each time, because agents and tools name each other and agents can be loaded again. */
  agents: () => AgentCatalogue;
  /** Tool servers and APIs, whose tools may change at any time. */
  sources?: readonly ToolSource[];
}

/** The tools that exist: given ones, those of sources as they are now, and a delegate for each agent. */
export function makeToolCatalogue({ tools, agents, sources = [] }: ToolOrigins): ToolCatalogue {
  const byReference = new Map(tools.map((tool) => [tool.reference, tool]));
  const taken = tools.map(({ name }) => name);
  const ofSources = new SourceTools(sources, taken);
  const delegates = makeDelegates(agents);

  function named(reference: string): Tool[] {
    const exact = byReference.get(reference);
    if (exact !== undefined) return [exact];
    if (kindOf(reference) === 'agent') return delegates(reference);
    const isOfSource = kindOf(reference) !== '';
    if (!isOfSource && !reference.endsWith('*')) return [];
    const among = isOfSource ? ofSources.all() : tools;
    return among.filter((tool) => matchesReference(reference, tool.reference));
  }

  return {
    get revision() {
      return ofSources.revision;
    },
    resolve: (references) => {
      const found = references.map((reference) => ({ reference, tools: named(reference) }));
      const distinct = new Map(found.flatMap((entry) => entry.tools).map((tool) => [tool.name, tool]));
      const empty = found.filter((entry) => entry.tools.length === 0).map(({ reference }) => reference);
      return {
        tools: [...distinct.values()],
        unknown: empty.filter((reference) => !ofSources.isDeclared(reference)),
      };
    },
    describe: () => ({ tools: [...tools, ...ofSources.all()], sources }),
    names: () => [
      ...byReference.keys(),
      ...sources.map(({ name }) => `${name}/*`),
      ...ofSources.all().map(({ reference }) => reference),
      ...agents()
        .list()
        .map(({ definition }) => `agent:${definition.name}`),
    ],
  };
}

/** Tools that delegate to agents, made once for each definition: tools are resolved in every turn. */
function makeDelegates(agents: () => AgentCatalogue): (reference: string) => Tool[] {
  const made = new WeakMap<AgentDefinition, Tool>();
  const delegateTo = (definition: AgentDefinition): Tool => {
    const tool = made.get(definition) ?? makeDelegateTool(definition);
    made.set(definition, tool);
    return tool;
  };
  return (reference) =>
    agents()
      .list()
      .filter(({ definition }) => matchesReference(reference, `agent:${definition.name}`))
      .map(({ definition }) => delegateTo(definition));
}
