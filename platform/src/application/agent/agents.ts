import { BatutaError } from '@batuta/contract';
import { hintFor } from '../../domain/definition/nearest-word.ts';
import type { DefinitionRecord } from '../../port/run-record.ts';
import type { AgentView, Page, PageRequest } from '../application.ts';
import { pageOf, readPageCursor } from '../page.ts';
import type { EngineContext } from '../turn/engine-context.ts';
import { modelsOf } from '../economy/models-of-run.ts';

type AgentContext = Pick<EngineContext, 'agents' | 'models' | 'settings'>;

/** One agent. Errors: `agent-unknown`. */
export function getAgent(context: AgentContext, name: string): AgentView {
  const record = context.agents.find(name);
  if (record) return renderAgent(context, record);
  const names = context.agents.list().map((each) => each.definition.name);
  throw new BatutaError('agent-unknown', { agent: name, hint: hintFor(name, names) });
}

/** Agents by name. Errors: `cursor-invalid`. */
export function listAgents(context: AgentContext, page: PageRequest): Page<AgentView> {
  const after = readPageCursor(page.cursor);
  const rest = context.agents
    .list()
    .filter(({ definition }) => after === undefined || definition.name > after);
  return pageOf(rest.slice(0, page.limit + 1), page.limit, {
    render: (record) => renderAgent(context, record),
    key: (record) => record.definition.name,
  });
}

function renderAgent(context: AgentContext, { hash, definition }: DefinitionRecord): AgentView {
  return {
    name: definition.name,
    description: definition.description,
    models: [...modelsOf(context, definition)],
    tools: definition.tools,
    definition_hash: hash,
    definition,
  };
}
